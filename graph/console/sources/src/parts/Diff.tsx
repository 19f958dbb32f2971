import css from "./Diff.module.css";
import { displayPath, displayValue, isNothing } from "./difference.ts";
import type { Difference } from "./difference.ts";

/**
 * The fields that a change affects, with their values before and after the change. A value that is nothing is
 * left out, so that the fields of a new object have one value each.
 */
export function Diff({ differences }: { differences: readonly Difference[] }) {
  return (
    <dl className={css.diff}>
      {differences.map(({ path, before, after }) => (
        <div key={path} className={css.row}>
          <dt className={css.path}>{displayPath(path)}</dt>
          <dd className={css.values}>
            {!isNothing(before) && (
              <del className={css.before}>
                <span className="hidden">before: </span>
                {displayValue(before)}
              </del>
            )}
            {!isNothing(after) && (
              <ins className={css.after}>
                <span className="hidden">after: </span>
                {displayValue(after)}
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
