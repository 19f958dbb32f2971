import type { StrategyDraft } from "./kind.ts";
import { ParametersEditor } from "./ParametersEditor.tsx";
import css from "../../edits/editors/editors.module.css";
import type { FormProps } from "../../objects/kind.ts";
import { CheckField } from "../../parts/CheckField.tsx";
import { Field } from "../../parts/Field.tsx";

/** The fields of a custom strategy. */
export function StrategyForm({ draft, isNew, onChange }: FormProps<StrategyDraft>) {
  return (
    <div className={css.fields}>
      {isNew && (
        <Field
          label="Name"
          hint="The name by which the SDK of your application knows the strategy. It cannot be changed later."
          isCode
          value={draft.name}
          onChange={(name) => onChange({ name })}
        />
      )}
      <Field
        label="Title"
        placeholder={draft.name}
        hint="What people see."
        value={draft.title}
        onChange={(title) => onChange({ title })}
      />
      <Field
        label="Description"
        rows={2}
        value={draft.description}
        onChange={(description) => onChange({ description })}
      />
      <ParametersEditor parameters={draft.parameters} onChange={(parameters) => onChange({ parameters })} />
      {!isNew && (
        <CheckField
          label="Deprecated"
          hint="The console no longer offers the strategy for new configurations. Toggles that use it keep it."
          checked={draft.deprecated}
          onChange={(deprecated) => onChange({ deprecated })}
        />
      )}
    </div>
  );
}
