import { useState } from "react";

import type { LegalValueDraft } from "./kind.ts";
import css from "../../edits/editors/editors.module.css";
import { Button } from "../../parts/Button.tsx";
import { Field } from "../../parts/Field.tsx";
import { ValuesField } from "../../parts/ValuesField.tsx";

interface Props {
  values: readonly LegalValueDraft[];
  onChange: (values: readonly LegalValueDraft[]) => void;
}

const MAX_SHOWN = 100;

/** The values that a context field can take, each with what it means. */
export function LegalValuesEditor({ values, onChange }: Props) {
  const [isOpen, setOpen] = useState(values.some(({ description }) => description !== ""));
  const descriptions = new Map(values.map(({ value, description }) => [value, description]));
  return (
    <fieldset className={css.group}>
      <legend className={css.legend}>
        Legal values <span className={css.note}>none: any value</span>
      </legend>
      <ValuesField
        label="Values"
        values={values.map(({ value }) => value)}
        onChange={(next) => onChange(next.map((value) => ({ value, description: descriptions.get(value) ?? "" })))}
      />
      {values.length > 0 && !isOpen && (
        <div>
          <Button small onClick={() => setOpen(true)}>
            Describe the values
          </Button>
        </div>
      )}
      {isOpen && (
        <div className={css.pair}>
          {values.slice(0, MAX_SHOWN).map(({ value, description }, index) => (
            <Field
              key={value}
              label={`Meaning of ${value}`}
              value={description}
              onChange={(next) => onChange(values.with(index, { value, description: next }))}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
