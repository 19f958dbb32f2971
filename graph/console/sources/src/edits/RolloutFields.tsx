import { Plus, Trash2 } from "lucide-react";

import css from "./RolloutFields.module.css";
import { UNITS } from "./rollout.ts";
import type { StepDraft, Unit } from "./rollout.ts";
import { Button } from "../parts/Button.tsx";
import { IconButton } from "../parts/IconButton.tsx";

interface Props {
  steps: readonly StepDraft[];
  onChange: (steps: StepDraft[]) => void;
}

/** The steps of a rollout: the percentage of each step, and the time since the step before. */
export function RolloutFields({ steps, onChange }: Props) {
  const set = (index: number, fields: Partial<StepDraft>) =>
    onChange(steps.map((step, each) => (each === index ? { ...step, ...fields } : step)));
  return (
    <div className={css.fields}>
      <ol className={css.steps} aria-label="Steps">
        {steps.map((step, index) => (
          <li key={index} className={css.step}>
            <input
              className={css.number}
              type="number"
              min={0}
              max={100}
              aria-label={`Percentage of step ${index + 1}`}
              value={step.rollout}
              onChange={(event) => set(index, { rollout: event.target.value })}
            />
            <span>% after</span>
            <input
              className={css.number}
              type="number"
              min={1}
              aria-label={`Time before step ${index + 1}`}
              value={step.after}
              onChange={(event) => set(index, { after: event.target.value })}
            />
            <select
              className={css.unit}
              aria-label={`Unit of the time before step ${index + 1}`}
              value={step.unit}
              onChange={(event) => set(index, { unit: event.target.value as Unit })}
            >
              {UNITS.map(({ name }) => (
                <option key={name} value={name}>
                  {step.after.trim() === "1" ? name.slice(0, -1) : name}
                </option>
              ))}
            </select>
            {steps.length > 1 && (
              <IconButton
                label={`Remove step ${index + 1}`}
                icon={Trash2}
                onClick={() => onChange(steps.filter((_, each) => each !== index))}
              />
            )}
          </li>
        ))}
      </ol>
      <div>
        <Button small onClick={() => onChange([...steps, { rollout: "100", after: "1", unit: "hours" }])}>
          <Plus size={14} aria-hidden="true" />
          Add a step
        </Button>
      </div>
    </div>
  );
}
