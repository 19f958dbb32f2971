import { useId } from "react";

import css from "./Choice.module.css";
import { useSignal } from "../app/signal.ts";
import type { Signal } from "../app/signal.ts";

interface Props<Value extends string> {
  label: string;
  choices: readonly Value[];
  /** The words for the choices; by default the choices themselves. */
  words?: Readonly<Record<Value, string>>;
  /** What the choice means, as a tooltip. */
  hint?: string;
  signal: Signal<Value>;
}

/** A labelled list of choices. Exactly one choice is selected. */
export function Choice<Value extends string>({ label, choices, words, hint, signal }: Props<Value>) {
  const id = useId();
  const value = useSignal(signal);
  return (
    <div className={css.choice} title={hint}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} aria-description={hint} onChange={(event) => signal.set(event.target.value as Value)}>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {words?.[choice] ?? choice.charAt(0).toUpperCase() + choice.slice(1)}
          </option>
        ))}
      </select>
    </div>
  );
}
