import type { ApplicationDraft } from "./kind.ts";
import css from "../../edits/editors/editors.module.css";
import type { FormProps } from "../../objects/kind.ts";
import { Field } from "../../parts/Field.tsx";

/** What people can say about an application. The rest is what its SDK reports. */
export function ApplicationForm({ draft, onChange }: FormProps<ApplicationDraft>) {
  return (
    <div className={css.fields}>
      <Field
        label="Description"
        rows={2}
        value={draft.description}
        onChange={(description) => onChange({ description })}
      />
      <Field label="URL" placeholder="Such as https://shop.example" value={draft.url} onChange={(url) => onChange({ url })} />
      <Field
        label="Icon for other frontends"
        placeholder="The name of an icon"
        value={draft.icon}
        onChange={(icon) => onChange({ icon })}
      />
    </div>
  );
}
