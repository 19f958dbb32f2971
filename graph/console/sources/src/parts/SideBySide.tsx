import { Fragment } from "react";
import type { ReactNode } from "react";

import css from "./SideBySide.module.css";

export type Side = "left" | "right";

/** A field with its text on each side; undefined if the side lacks the whole object that contains the field. */
export interface Row {
  key: string;
  title: string;
  left: string | undefined;
  right: string | undefined;
}

export interface Group {
  title: string;
  rows: readonly Row[];
}

interface Props {
  /** The name of the table. */
  label: string;
  /** The head of each side. */
  left: ReactNode;
  right: ReactNode;
  groups: readonly Group[];
  /** Whether to show also the rows that are equal on both sides. */
  isAll: boolean;
  /** Elements beside the value on one side of a row that differs, such as a button. */
  action?: (row: Row, group: Group, side: Side) => ReactNode;
}

/** Whether the sides of a row differ. */
export function differs({ left, right }: Row): boolean {
  return left !== right;
}

/** Two states of an object as one table. */
// The roles are explicit, because narrow screens show rows as cards, which removes the implicit roles.
export function SideBySide({ label, left, right, groups, isAll, action }: Props) {
  return (
    <table role="table" className={css.table} aria-label={label}>
      <thead role="rowgroup" className={css.head}>
        <tr role="row">
          <th role="columnheader" scope="col">
            Setting
          </th>
          <th role="columnheader" scope="col">
            {left}
          </th>
          <th role="columnheader" scope="col">
            {right}
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {groups.map((group) => {
          const rows = isAll ? group.rows : group.rows.filter(differs);
          if (rows.length === 0) return null;
          return (
            <Fragment key={group.title}>
              <tr role="row" className={css.group}>
                <th role="rowheader" scope="rowgroup" colSpan={3}>
                  {group.title}
                </th>
              </tr>
              {rows.map((row) => (
                <tr key={row.key} role="row" className={css.row} data-equal={!differs(row)}>
                  <th role="rowheader" scope="row">
                    {row.title}
                  </th>
                  <Cell side="left" head={left} text={row.left} action={differs(row) && action?.(row, group, "left")} />
                  <Cell side="right" head={right} text={row.right} action={differs(row) && action?.(row, group, "right")} />
                </tr>
              ))}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

interface CellProps {
  side: Side;
  head: ReactNode;
  text: string | undefined;
  action: ReactNode;
}

function Cell({ side, head, text, action }: CellProps) {
  return (
    <td role="cell">
      <div className={css.label} aria-hidden="true">
        {head}
      </div>
      <div className={css.value} data-side={side}>
        <Value text={text} />
        {action}
      </div>
    </td>
  );
}

function Value({ text }: { text: string | undefined }) {
  if (text === undefined) return <span className={css.nothing}>not there</span>;
  if (text === "") return <span className={css.nothing}>none</span>;
  return <span className={css.text}>{text}</span>;
}
