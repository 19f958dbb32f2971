import { useId } from "react";
import type { ReactNode } from "react";

import css from "./Card.module.css";

interface Props {
  title: ReactNode;
  /** A short text or buttons at the end of the title's line. */
  aside?: ReactNode;
  /** Whether the card contains unsaved edits. */
  isEdited?: boolean;
  children?: ReactNode;
}

/** A part of a page with a title. */
export function Card({ title, aside, isEdited = false, children }: Props) {
  const id = useId();
  return (
    <section className={css.card} aria-labelledby={id} data-edited={isEdited}>
      <div className={css.head}>
        <h2 id={id}>{title}</h2>
        {aside && <div className={css.aside}>{aside}</div>}
      </div>
      {children}
    </section>
  );
}
