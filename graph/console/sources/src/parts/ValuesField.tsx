import { useId, useRef, useState } from "react";
import type { ClipboardEvent, KeyboardEvent } from "react";

import css from "./ValuesField.module.css";
import { Chip } from "./Chip.tsx";
import { splitValues } from "./values.ts";

interface Props {
  label: string;
  hint?: string;
  placeholder?: string;
  values: readonly string[];
  /** Values to suggest. */
  suggestions?: readonly string[];
  onChange: (values: readonly string[]) => void;
}

const MAX_SHOWN = 100;

/** A list of texts. Enter adds a text. Pasted lines are added separately. */
export function ValuesField({ label, hint, placeholder, values, suggestions = [], onChange }: Props) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? values : values.slice(0, MAX_SHOWN);

  function add(added: readonly string[]) {
    setText("");
    const next = [...new Set([...values, ...added])];
    if (next.length > values.length) onChange(next);
  }

  function addTyped() {
    add(text.trim() === "" ? [] : [text.trim()]);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter") {
      event.preventDefault();
      addTyped();
    } else if (event.key === "Backspace" && text === "" && values.length > 0) {
      onChange(values.slice(0, -1));
    }
  }

  function onPaste(event: ClipboardEvent) {
    const pasted = splitValues(event.clipboardData.getData("text"));
    if (pasted.length < 2) return;
    event.preventDefault();
    add(pasted);
  }

  return (
    <div className={css.row}>
      <label htmlFor={id}>{label}</label>
      <div className={css.box}>
        {shown.map((value, index) => (
          <Chip
            key={`${index} ${value}`}
            text={value}
            onRemove={() => {
              onChange(values.toSpliced(index, 1));
              field.current?.focus();
            }}
          />
        ))}
        {shown.length < values.length && (
          <button type="button" className={css.more} onClick={() => setWhole(true)}>
            and {values.length - shown.length} more
          </button>
        )}
        <input
          ref={field}
          id={id}
          className={css.input}
          type="text"
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          list={suggestions.length > 0 ? `${id}-list` : undefined}
          aria-describedby={`${id}-hint`}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={addTyped}
        />
      </div>
      {suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions
            .filter((suggestion) => !values.includes(suggestion))
            .map((suggestion) => (
              <option key={suggestion} value={suggestion} />
            ))}
        </datalist>
      )}
      <p id={`${id}-hint`} className={css.hint}>
        {hint ?? "Press Enter after each value, or paste many: one per line or separated by commas."}
      </p>
    </div>
  );
}
