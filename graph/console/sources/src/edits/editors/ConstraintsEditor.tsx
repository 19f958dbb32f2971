import { useState } from "react";
import { Plus } from "lucide-react";

import css from "./editors.module.css";
import { ConstraintEditor } from "./ConstraintEditor.tsx";
import type { Definitions } from "../definitions.ts";
import type { ConstraintDraft } from "../draft.ts";
import { Button } from "../../parts/Button.tsx";

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
          onRemove={() => onChange(constraints.toSpliced(index, 1))}
        />
      ))}
      <div>
        <Button
          small
          onClick={() => {
            setAdded(constraints.length);
            onChange([...constraints, NEW]);
          }}
        >
          <Plus size={14} aria-hidden="true" />
          Add a constraint
        </Button>
      </div>
    </fieldset>
  );
}
