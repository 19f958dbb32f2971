import type { ReactNode } from "react";
import { Link } from "wouter";

import css from "./LinkList.module.css";
import { Card } from "../parts/Card.tsx";

interface Row {
  key: string;
  href: string;
  text: string;
  /** A short text at the end of the line. */
  aside?: ReactNode;
}

interface Props {
  title: string;
  /** The number of all objects, of which the rows may be only the first. */
  total: number;
  /** What the card says if there are no objects. */
  none: string;
  rows: readonly Row[];
  /** The buttons to other pages of the list. */
  pager?: ReactNode;
}

/** A card with links to objects that have to do with the object of the page. */
export function LinkList({ title, total, none, rows, pager }: Props) {
  return (
    <Card title={title} aside={total > 0 && total}>
      {rows.length === 0 && <p className={css.none}>{none}</p>}
      <ul className={css.rows}>
        {rows.map(({ key, href, text, aside }) => (
          <li key={key} className={css.row}>
            <Link href={href}>
              <bdi>{text}</bdi>
            </Link>
            <span className={css.none}>{aside}</span>
          </li>
        ))}
      </ul>
      {pager ?? (total > rows.length && <p className={css.none}>The first {rows.length} are shown.</p>)}
    </Card>
  );
}
