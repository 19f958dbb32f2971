import { useId } from "react";

import css from "./Field.module.css";

interface Props {
  label: string;
  hint?: string;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
}

/** A text field with its label. */
export function Field({ label, hint, placeholder, value, onChange }: Props) {
  const id = useId();
  return (
    <div className={css.row}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} className={css.hint}>
          {hint}
        </p>
      )}
      <input
        id={id}
        className={css.field}
        type="text"
        placeholder={placeholder}
        autoComplete="off"
        aria-describedby={hint && `${id}-hint`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
