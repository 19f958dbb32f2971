import { ArrowDown, ArrowUp } from "lucide-react";

import css from "./SortHeader.module.css";

interface Props {
  title: string;
  className?: string | undefined;
  /** The direction, if the table is sorted by this column. */
  direction: "ascending" | "descending" | undefined;
  onSort: () => void;
}

/** The head of a column by which the table can be sorted. */
export function SortHeader({ title, className, direction, onSort }: Props) {
  const Arrow = direction === "descending" ? ArrowDown : ArrowUp;
  return (
    <th role="columnheader" scope="col" className={className} aria-sort={direction}>
      <button type="button" className={css.button} data-sorted={direction !== undefined} onClick={onSort}>
        {title}
        {direction && <Arrow size={13} aria-hidden="true" />}
      </button>
    </th>
  );
}
