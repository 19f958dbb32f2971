import css from "./CheckGroup.module.css";
import { CheckField } from "./CheckField.tsx";

interface Props {
  title: string;
  /** What the current choice means. */
  hint: string;
  /** The reason why the choice cannot be saved. */
  problem?: string | undefined;
  options: readonly { value: string; text: string }[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

/** Boxes of which people check any number. Chosen values that are no option are shown as written. */
export function CheckGroup({ title, hint, problem, options, chosen, onChange }: Props) {
  const unknown = chosen.filter((value) => !options.some((option) => option.value === value));
  return (
    <fieldset className={css.group}>
      <legend>{title}</legend>
      <p className={css.hint}>{hint}</p>
      <div className={css.list}>
        {[...options, ...unknown.map((value) => ({ value, text: value }))].map(({ value, text }) => (
          <CheckField
            key={value}
            label={text}
            checked={chosen.includes(value)}
            onChange={(isChosen) => onChange(isChosen ? [...chosen, value] : chosen.filter((each) => each !== value))}
          />
        ))}
      </div>
      {problem && <p className={css.problem}>{problem}</p>}
    </fieldset>
  );
}
