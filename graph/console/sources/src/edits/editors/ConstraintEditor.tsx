import { Trash2 } from "lucide-react";

import css from "./editors.module.css";
import { legalValuesOf } from "../definitions.ts";
import type { Definitions } from "../definitions.ts";
import type { ConstraintDraft } from "../draft.ts";
import { operatorOf, OPERATORS } from "../operators.ts";
import { constraintPhrase } from "../phrases.ts";
import { CheckField } from "../../parts/CheckField.tsx";
import { Field } from "../../parts/Field.tsx";
import { focusFirstField } from "../../parts/focus.ts";
import { IconButton } from "../../parts/IconButton.tsx";
import { SelectField } from "../../parts/SelectField.tsx";
import { ValuesField } from "../../parts/ValuesField.tsx";

interface Props {
  constraint: ConstraintDraft;
  /** Whether the person has just added the constraint. */
  isAdded: boolean;
  definitions: Definitions;
  onChange: (constraint: ConstraintDraft) => void;
  onRemove: () => void;
}

const CHOICES = OPERATORS.map(({ name, words, group }) => ({ value: name, text: words[0], group }));

/** A test of one context field. */
export function ConstraintEditor({ constraint, isAdded, definitions, onChange, onRemove }: Props) {
  const { contextName, operator, values, caseInsensitive, inverted } = constraint;
  const known = operatorOf(operator);
  const legal = legalValuesOf(definitions, contextName);

  const example = definitions.contextFields.at(-1)?.name ?? "userId";

  function choose(name: string) {
    const next = operatorOf(name);
    onChange({
      ...constraint,
      operator: name,
      values: next?.isSingle ? values.slice(0, 1) : values,
      caseInsensitive: caseInsensitive && next?.hasCase === true,
    });
  }

  return (
    <div ref={isAdded ? focusFirstField : undefined} className={css.item}>
      <div className={css.line}>
        <p className={css.phrase}>
          {contextName === "" ? "New constraint" : <bdi>{constraintPhrase(constraint)}</bdi>}
        </p>
        <IconButton label={contextName === "" ? "Remove the new constraint" : `Remove the constraint on ${contextName}`} icon={Trash2} onClick={onRemove} />
      </div>
      <div className={css.pair}>
        <Field
          label="Context field"
          placeholder={`Such as ${example}`}
          value={contextName}
          suggestions={definitions.contextFields.map(({ name }) => name)}
          onChange={(name) => onChange({ ...constraint, contextName: name })}
        />
        <SelectField label="Test" value={operator} options={CHOICES} onChange={choose} />
      </div>
      {known?.isSingle ? (
        <Field
          label="Value"
          isCode
          placeholder={`Such as ${known.example}`}
          value={values[0] ?? ""}
          suggestions={legal}
          onChange={(value) => onChange({ ...constraint, values: value === "" ? [] : [value] })}
        />
      ) : (
        <ValuesField
          label="Values"
          values={values}
          suggestions={legal}
          onChange={(next) => onChange({ ...constraint, values: next })}
        />
      )}
      <div className={css.line}>
        <CheckField
          label="Negate"
          checked={inverted}
          onChange={(checked) => onChange({ ...constraint, inverted: checked })}
        />
        {known?.hasCase && (
          <CheckField
            label="Ignore case"
            checked={caseInsensitive}
            onChange={(checked) => onChange({ ...constraint, caseInsensitive: checked })}
          />
        )}
      </div>
    </div>
  );
}
