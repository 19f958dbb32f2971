import type { ContextFieldDraft } from "./kind.ts";
import { LegalValuesEditor } from "./LegalValuesEditor.tsx";
import css from "../../edits/editors/editors.module.css";
import { DescriptionField, NameField } from "../../objects/CommonFields.tsx";
import type { FormProps } from "../../objects/kind.ts";
import { CheckField } from "../../parts/CheckField.tsx";

/** The fields of a context field. */
export function ContextFieldForm({ draft, isNew, onChange }: FormProps<ContextFieldDraft>) {
  return (
    <div className={css.fields}>
      {isNew && (
        <NameField draft={draft} onChange={onChange} hint="The name under which applications send the field." />
      )}
      <DescriptionField draft={draft} onChange={onChange} />
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
