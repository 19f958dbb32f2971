import type { StrategyDraft } from "./kind.ts";
import { ParametersEditor } from "./ParametersEditor.tsx";
import css from "../../edits/editors/editors.module.css";
import { DescriptionField, NameField, TitleField } from "../../objects/CommonFields.tsx";
import type { FormProps } from "../../objects/kind.ts";
import { CheckField } from "../../parts/CheckField.tsx";

/** The fields of a custom strategy. */
export function StrategyForm({ draft, isNew, onChange }: FormProps<StrategyDraft>) {
  return (
    <div className={css.fields}>
      {isNew && (
        <NameField draft={draft} onChange={onChange} hint="The name by which the SDK of your application knows the strategy." />
      )}
      <TitleField draft={draft} onChange={onChange} />
      <DescriptionField draft={draft} onChange={onChange} />
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
