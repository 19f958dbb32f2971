import type { MouseEventHandler, ReactNode } from "react";

import css from "./Button.module.css";

interface Props {
  kind?: "plain" | "primary" | "danger";
  small?: boolean;
  type?: "button" | "submit";
  disabled?: boolean;
  /** Whether the action is running. In this case, further clicks have no effect. */
  busy?: boolean;
  onClick?: MouseEventHandler<HTMLButtonElement>;
  children: ReactNode;
}

export function Button({ kind = "plain", small, type = "button", disabled, busy, onClick, children }: Props) {
  return (
    <button
      type={type}
      className={css.button}
      data-kind={kind}
      data-small={small}
      disabled={disabled}
      aria-disabled={busy}
      onClick={busy ? undefined : onClick}
    >
      {children}
    </button>
  );
}
