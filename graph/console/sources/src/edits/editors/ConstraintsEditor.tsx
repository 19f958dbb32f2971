import { useState } from "react";

import css from "./editors.module.css";
import { ConstraintEditor } from "./ConstraintEditor.tsx";
import type { Definitions } from "../definitions.ts";
import type { ConstraintDraft } from "../draft.ts";
import { AddItem } from "../../parts/AddItem.tsx";
import { useRemoval } from "../../parts/removal.ts";

interface Props {
  constraints: readonly ConstraintDraft[];
  definitions: Definitions;
  onChange: (constraints: readonly ConstraintDraft[]) => void;
}

const NEW: ConstraintDraft = {
  contextName: "",
  operator: "IN",
  values: [],
  caseInsensitive: false,
  inverted: false,
};

/** The constraints of a strategy or segment. A new constraint gets the focus. */
export function ConstraintsEditor({ constraints, definitions, onChange }: Props) {
  const [added, setAdded] = useState<number>();
  const { addButton, remove } = useRemoval(constraints, onChange);

  return (
    <fieldset className={css.group}>
      <legend className={css.legend}>
        Constraints <span className={css.note}>all must hold</span>
      </legend>
      {constraints.map((constraint, index) => (
        <ConstraintEditor
          key={index}
          constraint={constraint}
          isAdded={index === added}
          definitions={definitions}
          onChange={(next) => onChange(constraints.with(index, next))}
          onRemove={() => remove(index)}
        />
      ))}
      <AddItem
        title="Add a constraint"
        ref={addButton}
        onAdd={() => {
          setAdded(constraints.length);
          onChange([...constraints, NEW]);
        }}
      />
    </fieldset>
  );
}
