import { useId, useState } from "react";

import css from "./EnvironmentSelect.module.css";

interface Props {
  label: string;
  names: readonly string[];
  value: string;
  onChange: (name: string) => void;
}

// A longer list is easier to search than to read.
const MAX_LISTED = 12;

/** A choice of an environment. A long list becomes a field with suggestions. */
export function EnvironmentSelect(props: Props) {
  const { label, names, value, onChange } = props;
  const id = useId();
  return (
    <div className={css.row}>
      <label htmlFor={id}>{label}</label>
      {names.length > MAX_LISTED ? (
        <SearchField key={value} id={id} {...props} />
      ) : (
        <select id={id} className={css.field} value={value} onChange={(event) => onChange(event.target.value)}>
          {!names.includes(value) && <option value={value}>{value}</option>}
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function SearchField({ id, names, value, onChange }: Props & { id: string }) {
  const [text, setText] = useState(value);
  const isUnknown = text !== "" && !names.some((name) => name.includes(text));
  return (
    <>
      <input
        id={id}
        className={css.field}
        type="text"
        list={`${id}-names`}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={`${id}-hint`}
        value={text}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value !== value && names.includes(event.target.value)) onChange(event.target.value);
        }}
        onBlur={() => setText(value)}
      />
      <datalist id={`${id}-names`}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <p id={`${id}-hint`} className={css.hint} role="status">
        {isUnknown ? "No environment matches." : `${names.length} environments; type to search.`}
      </p>
    </>
  );
}
