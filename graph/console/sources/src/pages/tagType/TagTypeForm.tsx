import type { TagTypeDraft } from "./kind.ts";
import css from "../../edits/editors/editors.module.css";
import { ColorMark } from "../../objects/ColorMark.tsx";
import { DescriptionField, NameField } from "../../objects/CommonFields.tsx";
import type { FormProps } from "../../objects/kind.ts";
import { Field } from "../../parts/Field.tsx";

/** The fields of a tag type. */
export function TagTypeForm({ draft, isNew, onChange }: FormProps<TagTypeDraft>) {
  return (
    <div className={css.fields}>
      {isNew && (
        <NameField draft={draft} onChange={onChange} hint="It stands before the tags of the type, as in team:web." />
      )}
      <DescriptionField draft={draft} onChange={onChange} />
      <div className={css.pair}>
        <Field
          label="Colour"
          placeholder="Such as #0a7553"
          isCode
          value={draft.color}
          onChange={(color) => onChange({ color })}
        />
        <Field
          label="Icon for other frontends"
          placeholder="The name of an icon"
          value={draft.icon}
          onChange={(icon) => onChange({ icon })}
        />
      </div>
      <ColorMark color={draft.color.trim()} />
    </div>
  );
}
