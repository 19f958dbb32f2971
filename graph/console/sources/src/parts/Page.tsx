import type { ReactNode } from "react";

import css from "./Page.module.css";

interface Props {
  title: string;
  /** A short text beside the title, such as a number of rows. */
  note?: ReactNode;
  /** Whether newer data is loading while the page shows older data. */
  isRefreshing?: boolean;
  /** Buttons at the end of the title's line. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page with its title, which is also the title of the browser's tab. */
export function Page({ title, note, isRefreshing, actions, children }: Props) {
  return (
    <div className={css.page}>
      <title>{`${title} · Flagstaff`}</title>
      <div className={css.head}>
        <h1>{title}</h1>
        {note && (
          <p className={css.note} role="status">
            {note}
          </p>
        )}
        {isRefreshing && <p className={css.refreshing}>refreshing</p>}
        {actions && <div className={css.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}
