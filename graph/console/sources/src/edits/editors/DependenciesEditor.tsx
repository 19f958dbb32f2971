import { useMemo } from "react";
import { Trash2 } from "lucide-react";

import css from "./editors.module.css";
import type { DependencyDraft } from "../draft.ts";
import { useQuery } from "../../app/client.ts";
import { FoundToggleDocument, FoundTogglesDocument } from "../../gql/edits.ts";
import { AddItem } from "../../parts/AddItem.tsx";
import { Field } from "../../parts/Field.tsx";
import { IconButton } from "../../parts/IconButton.tsx";
import { useRemoval } from "../../parts/removal.ts";
import { SelectField } from "../../parts/SelectField.tsx";
import { ValuesField } from "../../parts/ValuesField.tsx";

interface Props {
  dependencies: readonly DependencyDraft[];
  onChange: (dependencies: readonly DependencyDraft[]) => void;
}

/** The toggles that a toggle requires. */
export function DependenciesEditor({ dependencies, onChange }: Props) {
  const { addButton, remove } = useRemoval(dependencies, onChange);

  return (
    <fieldset className={css.group}>
      <legend className={css.legend}>
        Dependencies <span className={css.note}>all must be met, otherwise the toggle is off</span>
      </legend>
      {dependencies.map((dependency, index) => (
        <DependencyEditor
          key={index}
          dependency={dependency}
          onChange={(next) => onChange(dependencies.with(index, next))}
          onRemove={() => remove(index)}
        />
      ))}
      <AddItem
        title="Add a dependency"
        ref={addButton}
        onAdd={() => onChange([...dependencies, { toggle: "", enabled: true, variants: [] }])}
      />
    </fieldset>
  );
}

interface DependencyProps {
  dependency: DependencyDraft;
  onChange: (dependency: DependencyDraft) => void;
  onRemove: () => void;
}

function DependencyEditor({ dependency, onChange, onRemove }: DependencyProps) {
  const { toggle, enabled, variants } = dependency;
  const found = useQuery(FoundTogglesDocument, useMemo(() => ({ search: toggle }), [toggle]));
  const required = useQuery(FoundToggleDocument, useMemo(() => ({ name: toggle }), [toggle]));
  const known = required.data?.toggle?.name === toggle ? required.data.toggle : undefined;
  const offered = known?.environments.flatMap((environment) => environment.variants.map(({ name }) => name)) ?? [];
  return (
    <div className={css.item}>
      <div className={css.line}>
        <p className={css.phrase}>{toggle || "A toggle"} is required</p>
        <IconButton label={`Remove the dependency on ${toggle}`} icon={Trash2} onClick={onRemove} />
      </div>
      <div className={css.pair}>
        <Field
          label="Toggle"
          isCode
          value={toggle}
          suggestions={found.data?.toggles.nodes.map(({ name }) => name) ?? []}
          onChange={(name) => onChange({ ...dependency, toggle: name.trim() })}
        />
        <SelectField
          label="Must be"
          value={enabled ? "on" : "off"}
          options={[
            { value: "on", text: "on" },
            { value: "off", text: "off" },
          ]}
          onChange={(state) =>
            onChange({ ...dependency, enabled: state === "on", variants: state === "on" ? variants : [] })
          }
        />
      </div>
      {enabled && (
        <ValuesField
          label="With one of these variants"
          hint="Without any, every variant will do."
          values={variants}
          suggestions={[...new Set(offered)]}
          onChange={(next) => onChange({ ...dependency, variants: next })}
        />
      )}
    </div>
  );
}
