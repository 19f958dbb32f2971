import css from "./AddFilter.module.css";

export interface Option {
  value: string;
  text: string;
}

interface Props {
  /** The name of the condition, such as "Environment". */
  label: string;
  /** The values to choose from, in groups. A group without a title has no heading. */
  groups: readonly { title?: string; options: readonly Option[] }[];
  onAdd: (value: string) => void;
}

/** A list of values, each of which adds a condition to a filter. */
export function AddFilter({ label, groups, onAdd }: Props) {
  return (
    <select className={css.select} aria-label={label} value="" onChange={(event) => onAdd(event.target.value)}>
      <option value="" disabled hidden>
        {label}
      </option>
      {groups.map(({ title, options }) => {
        const items = options.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ));
        return title === undefined ? (
          items
        ) : (
          <optgroup key={title} label={title}>
            {items}
          </optgroup>
        );
      })}
    </select>
  );
}
