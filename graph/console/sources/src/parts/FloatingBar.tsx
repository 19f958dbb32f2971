import type { ReactNode } from "react";

import css from "./FloatingBar.module.css";

interface Props {
  label: string;
  children: ReactNode;
}

/** A bar above the page with actions, such as actions on the selected rows. */
export function FloatingBar({ label, children }: Props) {
  return (
    <section className={css.place} aria-label={label} data-floating-bar="">
      <div className={css.bar}>{children}</div>
    </section>
  );
}
