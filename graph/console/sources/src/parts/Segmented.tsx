import css from "./Segmented.module.css";

interface Props<Value extends string> {
  label: string;
  choices: readonly { value: Value; title: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

/** Buttons beside each other, exactly one of which is pressed. */
export function Segmented<Value extends string>({ label, choices, value, onChange }: Props<Value>) {
  return (
    <div className={css.segmented} role="group" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          className={css.choice}
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
        >
          {choice.title}
        </button>
      ))}
    </div>
  );
}
