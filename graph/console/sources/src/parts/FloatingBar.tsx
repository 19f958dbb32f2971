import type { ReactNode } from "react";

import css from "./FloatingBar.module.css";

interface Props {
  label: string;
  /** Whether the bar has several lines on a narrow screen; by default it has one line, which scrolls. */
  wraps?: boolean;
  children: ReactNode;
}

/** A bar above the page with actions, such as actions on the selected rows. */
export function FloatingBar({ label, wraps = false, children }: Props) {
  return (
    <section className={css.place} aria-label={label} data-floating-bar="">
      <div className={css.bar} data-wraps={wraps}>{children}</div>
    </section>
  );
}
