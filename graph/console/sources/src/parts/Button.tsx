import type { MouseEventHandler, ReactNode, Ref } from "react";

import css from "./Button.module.css";

interface Props {
  kind?: "plain" | "primary" | "danger";
  small?: boolean;
  type?: "button" | "submit";
  disabled?: boolean;
  /** Whether the action is running. In this case, further clicks have no effect. */
  busy?: boolean;
  /** The name for screen readers, if the content alone says too little. */
  label?: string;
  /** The key that presses the button, in the syntax of `aria-keyshortcuts`. */
  keys?: string | undefined;
  ref?: Ref<HTMLButtonElement>;
  onClick?: MouseEventHandler<HTMLButtonElement>;
  children: ReactNode;
}

export function Button(props: Props) {
  const { kind = "plain", small, type = "button", disabled, busy, label, keys, ref, onClick, children } = props;
  return (
    <button
      ref={ref}
      type={type}
      className={css.button}
      data-kind={kind}
      data-small={small}
      disabled={disabled}
      aria-disabled={busy}
      aria-label={label}
      aria-keyshortcuts={keys}
      onClick={busy ? undefined : onClick}
    >
      {children}
    </button>
  );
}
