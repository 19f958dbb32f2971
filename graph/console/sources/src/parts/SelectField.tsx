import { useId } from "react";

import css from "./Field.module.css";
import { Prose } from "./Prose.tsx";

export interface Option {
  value: string;
  text: string;
  /** The heading of the options in the same group. */
  group?: string;
}

interface Props {
  label: string;
  hint?: string | undefined;
  value: string;
  options: readonly Option[];
  onChange: (value: string) => void;
}

/** A labelled list of choices. A value that is no option is shown as written. */
export function SelectField({ label, hint, value, options, onChange }: Props) {
  const id = useId();
  const isKnown = options.some((option) => option.value === value);
  const groups = [...new Set(options.map(({ group }) => group))];
  return (
    <div className={css.row}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className={css.field}
        value={value}
        aria-describedby={hint && `${id}-hint`}
        onChange={(event) => onChange(event.target.value)}
      >
        {!isKnown && <option value={value}>{value}</option>}
        {groups.map((group) => {
          const items = options.filter((option) => option.group === group).map(({ value: key, text }) => (
            <option key={key} value={key}>
              {text}
            </option>
          ));
          return group === undefined ? items : <optgroup key={group} label={group}>{items}</optgroup>;
        })}
      </select>
      {hint && (
        <p id={`${id}-hint`} className={css.hint}>
          <Prose text={hint} />
        </p>
      )}
    </div>
  );
}
