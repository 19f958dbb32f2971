import type { LucideIcon } from "lucide-react";

import css from "./IconButton.module.css";

interface Props {
  label: string;
  icon: LucideIcon;
  expanded?: boolean;
  /** The key that presses the button, in the syntax of `aria-keyshortcuts`. */
  keys?: string | undefined;
  onClick: () => void;
}

/** A button that shows only an icon; its label is its name and its tooltip. */
export function IconButton({ label, icon: Icon, expanded, keys, onClick }: Props) {
  return (
    <button
      type="button"
      className={css.button}
      aria-label={label}
      aria-expanded={expanded}
      aria-keyshortcuts={keys}
      title={label}
      onClick={onClick}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}
