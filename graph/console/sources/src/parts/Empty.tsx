import type { ReactNode } from "react";

import css from "./Empty.module.css";

interface Props {
  title: string;
  /** Whether the text reports a failure. */
  alert?: boolean;
  children?: ReactNode;
}

/** Explains why a page or list is empty, and what the user can do. */
export function Empty({ title, alert, children }: Props) {
  return (
    <div className={css.empty} role={alert ? "alert" : undefined}>
      <h2>{title}</h2>
      {children && <div className={css.content}>{children}</div>}
    </div>
  );
}
