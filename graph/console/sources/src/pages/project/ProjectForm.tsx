import type { ProjectDraft } from "./kind.ts";
import css from "../../edits/editors/editors.module.css";
import type { FormProps } from "../../objects/kind.ts";
import { Field } from "../../parts/Field.tsx";

/** The fields of a project. */
export function ProjectForm({ draft, isNew, onChange }: FormProps<ProjectDraft>) {
  return (
    <div className={css.fields}>
      {isNew && (
        <Field
          label="Name"
          hint="It identifies the project in the API and in tokens, and cannot be changed later."
          isCode
          value={draft.name}
          onChange={(name) => onChange({ name })}
        />
      )}
      <Field
        label="Title"
        hint="What people see."
        placeholder={draft.name}
        value={draft.title}
        onChange={(title) => onChange({ title })}
      />
      <Field
        label="Description"
        rows={2}
        value={draft.description}
        onChange={(description) => onChange({ description })}
      />
    </div>
  );
}
