import type { ReactNode } from "react";

import css from "./Page.module.css";

interface Props {
  title: string;
  /** The name of the object that the title is about, which only the title of the browser's tab repeats. */
  subject?: string;
  /** Whether the title is the name of an object, which is shown as written. */
  isName?: boolean;
  /** A link to the page above this page, shown before the title. */
  above?: ReactNode;
  /** A short text beside the title, such as a number of rows. */
  note?: ReactNode;
  /** A small control beside the title. */
  beside?: ReactNode;
  /** Whether newer data is loading while the page shows older data. */
  isRefreshing?: boolean;
  /** Buttons at the end of the title's line. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page with its title, which is also the title of the browser's tab. */
export function Page({ title, subject, isName, above, note, beside, isRefreshing, actions, children }: Props) {
  return (
    <div className={css.page}>
      <title>{`${subject === undefined ? "" : `${subject} · `}${title} · Flagstaff`}</title>
      <div className={css.head}>
        <div className={css.title}>
          {above && <p className={css.above}>{above}</p>}
          <div className={css.name}>
            <h1 data-name={isName}>{isName ? <bdi>{title}</bdi> : title}</h1>
            {beside}
          </div>
        </div>
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
