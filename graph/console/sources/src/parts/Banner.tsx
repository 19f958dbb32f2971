import type { ReactNode } from "react";

import css from "./Banner.module.css";

/** A line above old data that explains why the data may be out of date. */
export function Banner({ children }: { children: ReactNode }) {
  return (
    <div className={css.banner} role="alert">
      {children}
    </div>
  );
}
