import css from "./CheckField.module.css";

interface Props {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** A box to check, with its label. */
export function CheckField({ label, hint, checked, onChange }: Props) {
  return (
    <label className={css.row}>
      <input type="checkbox" className={css.box} checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        {hint && <span className={css.hint}>{hint}</span>}
      </span>
    </label>
  );
}
