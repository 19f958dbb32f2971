import css from "../../edits/editors/editors.module.css";
import type { Definitions } from "../../edits/definitions.ts";
import type { ToggleDraft } from "../../edits/draft.ts";
import { DependenciesEditor } from "../../edits/editors/DependenciesEditor.tsx";
import { TagsEditor } from "../../edits/editors/TagsEditor.tsx";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { CheckField } from "../../parts/CheckField.tsx";
import { Field } from "../../parts/Field.tsx";
import { SelectField } from "../../parts/SelectField.tsx";

interface Props {
  draft: ToggleDraft;
  definitions: Definitions;
  isEdited: boolean;
  onChange: (change: (draft: ToggleDraft) => ToggleDraft) => void;
  onClose: () => void;
}

/** The fields that apply to a toggle in all environments. */
export function DetailsCard({ draft, definitions, isEdited, onChange, onClose }: Props) {
  const set = (fields: Partial<ToggleDraft>) => onChange((before) => ({ ...before, ...fields }));
  const type = definitions.toggleTypes.find(({ name }) => name === draft.type);
  return (
    <Card
      title="Details"
      isEdited={isEdited}
      aside={
        <Button small onClick={onClose}>
          Close the details
        </Button>
      }
    >
      <div className={css.fields}>
        <Field
          label="Description"
          rows={2}
          value={draft.description}
          onChange={(description) => set({ description })}
        />
        <div className={css.pair}>
          <SelectField
            label="Type"
            hint={type && `${type.description} ${lifetimeOf(type.lifetimeDays)}`}
            value={draft.type}
            options={definitions.toggleTypes.map(({ name, title }) => ({ value: name, text: title }))}
            onChange={(next) => set({ type: next })}
          />
          <SelectField
            label="Project"
            value={draft.project}
            options={definitions.projects.map(({ name, title }) => ({ value: name, text: title }))}
            onChange={(project) => set({ project })}
          />
        </div>
        <div className={css.line}>
          <CheckField
            label="Stale"
            hint="It is ready to be removed from the code."
            checked={draft.stale}
            onChange={(stale) => set({ stale })}
          />
          <CheckField
            label="Impressions"
            hint="Applications report each use, for analytics."
            checked={draft.impressionData}
            onChange={(impressionData) => set({ impressionData })}
          />
        </div>
        <TagsEditor tags={draft.tags} definitions={definitions} onChange={(tags) => set({ tags })} />
        <DependenciesEditor
          dependencies={draft.dependencies}
          onChange={(dependencies) => set({ dependencies })}
        />
      </div>
    </Card>
  );
}

function lifetimeOf(days: number | null): string {
  return days === null ? "It has no limited lifetime." : `It is expected to live for ${days} days.`;
}
