import { useId } from "react";

import css from "./RolloutField.module.css";

interface Props {
  label: string;
  /** A percentage as text. */
  value: string;
  onChange: (value: string) => void;
}

/** A percentage with a slider and a number. */
export function RolloutField({ label, value, onChange }: Props) {
  const id = useId();
  const number = Number(value);
  const isValid = value !== "" && number >= 0 && number <= 100;
  return (
    <div className={css.row}>
      <label htmlFor={`${id}-number`}>{label}</label>
      <div className={css.line}>
        <input
          type="range"
          className={css.slider}
          aria-label={`${label}, slider`}
          min={0}
          max={100}
          step={1}
          value={isValid ? number : 0}
          onChange={(event) => onChange(event.target.value)}
        />
        <input
          id={`${id}-number`}
          className={css.number}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          aria-invalid={!isValid}
          aria-describedby={isValid ? undefined : `${id}-problem`}
          value={value}
          onChange={(event) => onChange(event.target.value.trim())}
        />
        <span aria-hidden="true">%</span>
      </div>
      {!isValid && (
        <p id={`${id}-problem`} className={css.problem}>
          Enter a number from 0 to 100.
        </p>
      )}
    </div>
  );
}
