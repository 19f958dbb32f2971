import { useId } from "react";

import css from "./Field.module.css";
import { localFieldOf, timeOfLocalField, zoneAt } from "./localTime.ts";

interface Props {
  label: string;
  /** A time of the API, or an empty string. */
  value: string;
  onChange: (value: string) => void;
}

/** A field for a date and a time in the time zone of the browser, which the field names. */
export function DateTimeField({ label, value, onChange }: Props) {
  const id = useId();
  const zone = zoneAt(value);
  return (
    <div className={css.row}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={css.field}
        type="datetime-local"
        aria-describedby={`${id}-zone`}
        value={localFieldOf(value)}
        onChange={(event) => onChange(timeOfLocalField(event.target.value))}
      />
      <p id={`${id}-zone`} className={css.hint}>
        In your time zone, {zone}.
      </p>
    </div>
  );
}
