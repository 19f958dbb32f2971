import { useId, useState } from "react";

import css from "./ScheduleFields.module.css";
import { laterTimes, nextHour } from "./laterTimes.ts";
import { proposedSteps } from "./rollout.ts";
import type { RolloutTarget, StepDraft } from "./rollout.ts";
import { RolloutFields } from "./RolloutFields.tsx";
import { Button } from "../parts/Button.tsx";
import { DateTimeField } from "../parts/DateTimeField.tsx";

/**
 * When to make changes: now, at a time of the API, or in the steps of a rollout. The time is empty while the user
 * has not chosen any. With `force`, others may change the same objects before.
 */
export type Schedule =
  | { kind: "now" }
  | { kind: "time"; at: string; force: boolean }
  | { kind: "steps"; target: RolloutTarget; steps: readonly StepDraft[]; force: boolean };

interface Props {
  schedule: Schedule;
  /** The rollout that the changes amount to, if they can be made in steps. */
  target: RolloutTarget | undefined;
  onChange: (schedule: Schedule) => void;
}

/** The choice between making changes now, at a time, and in steps. */
export function ScheduleFields({ schedule, target, onChange }: Props) {
  const name = useId();
  const [times] = useState(() => laterTimes(new Date()));
  const choice = (kind: Schedule["kind"], words: string, initial: () => Schedule) => (
    <label className={css.choice}>
      <input type="radio" name={name} checked={schedule.kind === kind} onChange={() => onChange(initial())} />
      {words}
    </label>
  );
  return (
    <fieldset className={css.fields}>
      <legend className={css.legend}>When?</legend>
      {choice("now", "Now", () => ({ kind: "now" }))}
      {choice("time", "Later", later)}
      {target &&
        choice("steps", "In steps", () => ({ kind: "steps", target, steps: proposedSteps(target), force: false }))}
      {schedule.kind !== "now" && (
        <div className={css.details}>
          {schedule.kind === "time" && (
            <>
              <DateTimeField label="Time" value={schedule.at} onChange={(at) => onChange({ ...schedule, at })} />
              <div className={css.times}>
                {times.map(({ words, at }) => (
                  <Button key={words} small onClick={() => onChange({ ...schedule, at })}>
                    {words}
                  </Button>
                ))}
              </div>
            </>
          )}
          {schedule.kind === "steps" && (
            <RolloutFields steps={schedule.steps} onChange={(steps) => onChange({ ...schedule, steps })} />
          )}
          <label className={css.choice}>
            <input
              type="checkbox"
              checked={schedule.force}
              onChange={(event) => onChange({ ...schedule, force: event.target.checked })}
            />
            Apply even if somebody changes the same objects before
          </label>
          {!schedule.force && (
            <p className={css.hint}>
              Otherwise the server then refuses {schedule.kind === "steps" ? "the remaining steps" : "the changes"}, and the page
              Change sets says why.
            </p>
          )}
        </div>
      )}
    </fieldset>
  );
}

/** Return a schedule for a later time that the user can change. */
export function later(): Schedule {
  return { kind: "time", at: nextHour(new Date()), force: false };
}
