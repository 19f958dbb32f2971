import css from "./FilterSelect.module.css";

interface Props {
  label: string;
  value: string;
  options: readonly { value: string; text: string }[];
  onChange: (value: string) => void;
}

/** A small list of choices that filters a page, with the label beside it. */
export function FilterSelect({ label, value, options, onChange }: Props) {
  return (
    <label className={css.filter}>
      {label}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}
