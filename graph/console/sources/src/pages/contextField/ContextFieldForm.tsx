import type { ContextFieldDraft } from "./kind.ts";
import { LegalValuesEditor } from "./LegalValuesEditor.tsx";
import css from "../../edits/editors/editors.module.css";
import type { FormProps } from "../../objects/kind.ts";
import { CheckField } from "../../parts/CheckField.tsx";
import { Field } from "../../parts/Field.tsx";

/** The fields of a context field. */
export function ContextFieldForm({ draft, isNew, onChange }: FormProps<ContextFieldDraft>) {
  return (
    <div className={css.fields}>
      {isNew && (
        <Field
          label="Name"
          hint="The name under which applications send the field. It cannot be changed later."
          isCode
          value={draft.name}
          onChange={(name) => onChange({ name })}
        />
      )}
      <Field
        label="Description"
        rows={2}
        value={draft.description}
        onChange={(description) => onChange({ description })}
      />
      <LegalValuesEditor values={draft.legalValues} onChange={(legalValues) => onChange({ legalValues })} />
      <CheckField
        label="Stickiness"
        hint="Rollouts and variants can stay stable by this field."
        checked={draft.stickiness}
        onChange={(stickiness) => onChange({ stickiness })}
      />
    </div>
  );
}
