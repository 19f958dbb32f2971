import { useId } from "react";

import css from "./Choice.module.css";
import { useSignal } from "../app/signal.ts";
import type { Signal } from "../app/signal.ts";

interface Props<Value extends string> {
  label: string;
  choices: readonly Value[];
  signal: Signal<Value>;
}

/** A labelled list of choices. Exactly one choice is selected. */
export function Choice<Value extends string>({ label, choices, signal }: Props<Value>) {
  const id = useId();
  const value = useSignal(signal);
  return (
    <div className={css.choice}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => signal.set(event.target.value as Value)}>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice.charAt(0).toUpperCase() + choice.slice(1)}
          </option>
        ))}
      </select>
    </div>
  );
}
