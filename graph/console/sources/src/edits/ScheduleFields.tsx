import { useId } from "react";

import css from "./ScheduleFields.module.css";
import { DateTimeField } from "../parts/DateTimeField.tsx";

/** When to make changes: now, or at a time of the API. The time is empty while the user has not chosen any. */
export type Schedule = { at: string; force: boolean } | "now";

interface Props {
  schedule: Schedule;
  onChange: (schedule: Schedule) => void;
}

const HOUR_MS = 3_600_000;

/** The choice between making changes now and scheduling them. */
export function ScheduleFields({ schedule, onChange }: Props) {
  const name = useId();
  return (
    <fieldset className={css.fields}>
      <legend className={css.legend}>When?</legend>
      <label className={css.choice}>
        <input type="radio" name={name} checked={schedule === "now"} onChange={() => onChange("now")} />
        Now
      </label>
      <label className={css.choice}>
        <input
          type="radio"
          name={name}
          checked={schedule !== "now"}
          onChange={() => onChange({ at: nextHour(), force: false })}
        />
        At a time
      </label>
      {schedule !== "now" && (
        <div className={css.time}>
          <DateTimeField label="Time" value={schedule.at} onChange={(at) => onChange({ ...schedule, at })} />
          <label className={css.choice}>
            <input
              type="checkbox"
              checked={schedule.force}
              onChange={(event) => onChange({ ...schedule, force: event.target.checked })}
            />
            Apply even if somebody changes the same objects before
          </label>
        </div>
      )}
    </fieldset>
  );
}

/** Return the next full hour that is at least one hour away. */
function nextHour(): string {
  const hours = Math.ceil(Date.now() / HOUR_MS) + 1;
  return `${new Date(hours * HOUR_MS).toISOString().slice(0, 19)}Z`;
}
