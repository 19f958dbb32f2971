import type { ProjectDraft } from "./kind.ts";
import css from "../../edits/editors/editors.module.css";
import { DescriptionField, NameField, TitleField } from "../../objects/CommonFields.tsx";
import type { FormProps } from "../../objects/kind.ts";

/** The fields of a project. */
export function ProjectForm({ draft, isNew, onChange }: FormProps<ProjectDraft>) {
  return (
    <div className={css.fields}>
      {isNew && (
        <NameField draft={draft} onChange={onChange} hint="It identifies the project in the API and in tokens." />
      )}
      <TitleField draft={draft} onChange={onChange} />
      <DescriptionField draft={draft} onChange={onChange} />
    </div>
  );
}
