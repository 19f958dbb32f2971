import css from "./Diff.module.css";
import { displayPath, displayValue } from "./difference.ts";

export interface Difference {
  path: string;
  before: unknown;
  after: unknown;
}

/** The fields that a change affects, with their values before and after the change. */
export function Diff({ differences }: { differences: readonly Difference[] }) {
  return (
    <dl className={css.diff}>
      {differences.map(({ path, before, after }) => (
        <div key={path} className={css.row}>
          <dt className={css.path}>{displayPath(path)}</dt>
          <dd className={css.values}>
            <del className={css.before}>
              <span className="hidden">before: </span>
              {displayValue(before)}
            </del>
            <ins className={css.after}>
              <span className="hidden">after: </span>
              {displayValue(after)}
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
