import { Trash2 } from "lucide-react";

import css from "./editors.module.css";
import { legalValuesOf } from "../definitions.ts";
import type { Definitions } from "../definitions.ts";
import type { OverrideDraft } from "../draft.ts";
import { AddItem } from "../../parts/AddItem.tsx";
import { Field } from "../../parts/Field.tsx";
import { IconButton } from "../../parts/IconButton.tsx";
import { useRemoval } from "../../parts/removal.ts";
import { ValuesField } from "../../parts/ValuesField.tsx";

interface Props {
  overrides: readonly OverrideDraft[];
  definitions: Definitions;
  onChange: (overrides: readonly OverrideDraft[]) => void;
}

/** The users that always get a variant. */
export function OverridesEditor({ overrides, definitions, onChange }: Props) {
  const { addButton, remove } = useRemoval(overrides, onChange);

  return (
    <div className={css.group}>
      {overrides.map((override, index) => (
        <div key={index} className={css.group}>
          <div className={css.line}>
            <p className={css.phrase}>Always for these users</p>
            <IconButton
              label={`Remove the override for ${override.contextName}`}
              icon={Trash2}
              onClick={() => remove(index)}
            />
          </div>
          <div className={css.pair}>
            <Field
              label="Context field"
              value={override.contextName}
              suggestions={definitions.contextFields.map(({ name }) => name)}
              onChange={(contextName) => onChange(overrides.with(index, { ...override, contextName }))}
            />
            <ValuesField
              label="Values"
              values={override.values}
              suggestions={legalValuesOf(definitions, override.contextName)}
              onChange={(values) => onChange(overrides.with(index, { ...override, values }))}
            />
          </div>
        </div>
      ))}
      <AddItem
        title="Add an override"
        ref={addButton}
        onAdd={() => onChange([...overrides, { contextName: "userId", values: [] }])}
      />
    </div>
  );
}
