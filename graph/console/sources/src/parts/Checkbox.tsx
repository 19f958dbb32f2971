import css from "./Checkbox.module.css";

interface Props {
  label: string;
  checked: boolean;
  /** Whether only some of the rows below this box are checked. */
  mixed?: boolean;
  onChange: (checked: boolean) => void;
}

export function Checkbox({ label, checked, mixed = false, onChange }: Props) {
  return (
    <input
      type="checkbox"
      className={css.checkbox}
      aria-label={label}
      checked={checked}
      ref={(box) => {
        if (box) box.indeterminate = mixed;
      }}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}
