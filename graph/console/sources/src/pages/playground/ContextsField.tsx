import { useEffect, useId, useState } from "react";

import css from "./ContextsField.module.css";
import { parseLines } from "./contexts.ts";
import type { Line } from "./contexts.ts";

interface Props {
  lines: readonly Line[];
  /** Called with the text of each line once all lines can be read. */
  onChange: (lines: string[]) => void;
}

const SETTLED_MS = 400;

/** The contexts for which to evaluate toggles, one per line. */
export function ContextsField({ lines, onChange }: Props) {
  const id = useId();
  const text = lines.map((line) => line.text).join("\n");
  const [typed, setTyped] = useState(text);
  const [applied, setApplied] = useState(text);
  // The address may change without this field, for example when the user goes back.
  if (text !== applied) {
    setApplied(text);
    setTyped(text);
  }
  const parsed = parseLines(typed);
  const problem = parsed.find((line) => line.problem !== undefined)?.problem;

  useEffect(() => {
    const next = parseLines(typed);
    const nextText = next.map((line) => line.text).join("\n");
    if (nextText === applied || next.some((line) => line.problem !== undefined)) return undefined;
    const timer = setTimeout(() => {
      setApplied(nextText);
      onChange(next.map((line) => line.text));
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [typed, applied, onChange]);

  return (
    <div className={css.row}>
      <label htmlFor={id} className={css.label}>
        Users to try
      </label>
      <p id={`${id}-hint`} className={css.hint}>
        One per line: the ID of a user, or a context as a JSON object such as{" "}
        <code>{'{"userId": "7", "country": "DE"}'}</code>. Without any line, the context is empty, as that of
        an unknown user.
      </p>
      <textarea
        id={id}
        className={css.field}
        rows={Math.max(2, Math.min(8, typed.split("\n").length))}
        spellCheck={false}
        autoComplete="off"
        aria-describedby={`${id}-hint ${id}-problem`}
        aria-invalid={problem !== undefined}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <p id={`${id}-problem`} className={css.problem} role="alert">
        {problem}
      </p>
    </div>
  );
}
