import type { SegmentDraft } from "./kind.ts";
import { useDefinitions } from "../../edits/definitions.ts";
import { ConstraintsEditor } from "../../edits/editors/ConstraintsEditor.tsx";
import css from "../../edits/editors/editors.module.css";
import { DescriptionField } from "../../objects/CommonFields.tsx";
import type { FormProps } from "../../objects/kind.ts";
import { Field } from "../../parts/Field.tsx";

/** The fields of a segment. */
export function SegmentForm({ draft, onChange }: FormProps<SegmentDraft>) {
  const definitions = useDefinitions();
  return (
    <div className={css.fields}>
      <Field label="Name" isCode value={draft.name} onChange={(name) => onChange({ name })} />
      <DescriptionField draft={draft} onChange={onChange} />
      <ConstraintsEditor
        constraints={draft.constraints}
        definitions={definitions}
        onChange={(constraints) => onChange({ constraints })}
      />
      {draft.constraints.length === 0 && <p className={css.note}>Without constraints, everybody is in the segment.</p>}
    </div>
  );
}
