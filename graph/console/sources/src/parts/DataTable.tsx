import type { ReactNode } from "react";

import css from "./DataTable.module.css";

export interface Column<Row> {
  title: string;
  /** The width of the column in pixels; by default the column shares the remaining width. */
  width?: number;
  /** Whether the title is only read aloud, because the cells explain themselves. */
  isTitleHidden?: boolean;
  /** Whether the column disappears from a table of medium width. */
  isOptional?: boolean;
  cell: (row: Row) => ReactNode;
}

interface Props<Row> {
  label: string;
  /** The first column names the rows. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  isLoading: boolean;
}

/** A table whose rows become cards on narrow screens. */
export function DataTable<Row>({ label, columns, rows, keyOf, isLoading }: Props<Row>) {
  return (
    <div className={css.container}>
      {/* The roles are explicit, because cards remove the implicit roles. */}
      <table role="table" className={css.table} aria-label={label} aria-busy={isLoading}>
        <thead role="rowgroup" className={css.head}>
          <tr role="row">
            {columns.map(({ title, width, isTitleHidden, isOptional }) => (
              <th key={title} role="columnheader" scope="col" style={{ width }} data-optional={isOptional}>
                <span className={isTitleHidden ? "hidden" : undefined}>{title}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row" className={css.row} data-row="">
              {columns.map(({ title, isTitleHidden, isOptional, cell }, index) =>
                index === 0 ? (
                  <th key={title} role="rowheader" scope="row" className={css.name}>
                    {cell(row)}
                  </th>
                ) : (
                  <td key={title} role="cell" className={isTitleHidden ? css.wide : undefined} data-optional={isOptional}>
                    {!isTitleHidden && (
                      <span className={css.label} aria-hidden="true">
                        {title}
                      </span>
                    )}
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
