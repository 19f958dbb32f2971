import { useId } from "react";
import type { ClipboardEvent, KeyboardEvent } from "react";

import css from "./Field.module.css";
import { Prose } from "./Prose.tsx";

interface Props {
  label: string;
  hint?: string;
  /** The reason why the value cannot be saved. */
  problem?: string | undefined;
  placeholder?: string;
  value: string;
  /** Values to suggest. */
  suggestions?: readonly string[];
  inputMode?: "text" | "decimal";
  /** Whether the value is code or a name, which is shown as written. */
  isCode?: boolean;
  /** The number of lines; by default one. */
  rows?: number;
  maxLength?: number;
  onChange: (value: string) => void;
  onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
  onPaste?: (event: ClipboardEvent<HTMLElement>) => void;
}

/** A text field with its label. */
export function Field(props: Props) {
  const { label, hint, problem, suggestions, isCode, rows, onChange, ...input } = props;
  const id = useId();
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  const common = {
    ...input,
    id,
    className: css.field,
    "data-code": isCode,
    autoComplete: "off",
    spellCheck: !isCode,
    "aria-describedby": described || undefined,
    "aria-invalid": problem !== undefined,
  };
  return (
    <div className={css.row}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} className={css.hint}>
          <Prose text={hint} />
        </p>
      )}
      {rows === undefined ? (
        <input
          {...common}
          type="text"
          list={suggestions && suggestions.length > 0 ? `${id}-list` : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <textarea {...common} rows={rows} onChange={(event) => onChange(event.target.value)} />
      )}
      {suggestions && suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
      {problem && (
        <p id={`${id}-problem`} className={css.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}
