import type { ReactNode } from "react";
import { useId } from "react";

import css from "./Section.module.css";
import type { Answer } from "../../app/client.ts";
import { Button } from "../../parts/Button.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";

interface Props {
  title: string;
  /** What puts an object into the list. */
  meaning: string;
  answer: Answer<unknown>;
  /** The number of objects in the list; undefined until it is loaded. */
  total: number | undefined;
  /** The number of objects that the page shows. */
  shown: number;
  /** Show more objects; undefined if the page shows as many as it can. */
  onMore: (() => void) | undefined;
  /** A link to another page with the whole list. */
  all?: ReactNode;
  /** The rows. */
  children: ReactNode;
}

/** A list of the page with its meaning, its length and its states. */
export function Section({ title, meaning, answer, total, shown, onMore, all, children }: Props) {
  const id = useId();
  const { problem, again, loading } = answer;
  return (
    <section className={css.section} aria-labelledby={id}>
      <div className={css.head}>
        <h2 id={id}>{title}</h2>
        {total !== undefined && <span className={css.count}>{total}</span>}
        <span className={css.all}>{all}</span>
      </div>
      <p className={css.meaning}>{meaning}</p>
      {problem && (
        <RetryBanner onRetry={again}>{total === undefined ? problem : `This list may be out of date. ${problem}`}</RetryBanner>
      )}
      {total === undefined && !problem && <Skeleton rows={2} />}
      {total === 0 && <p className={css.none}>None.</p>}
      {shown > 0 && (
        <ul className={css.list} aria-labelledby={id} aria-busy={loading}>
          {children}
        </ul>
      )}
      {total !== undefined && total > shown && (
        <div className={css.more}>
          {onMore ? <Button small onClick={onMore}>Show more</Button> : <span>The first {shown} are shown.</span>}
        </div>
      )}
    </section>
  );
}
