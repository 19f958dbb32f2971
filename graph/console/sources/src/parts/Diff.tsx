import css from "./Diff.module.css";
import { commonPath, displayPath, displayValue, isNothing } from "./difference.ts";
import type { Difference } from "./difference.ts";

/**
 * The fields that a change affects, with their values before and after the change. A value that is nothing is
 * left out, so that the fields of a new object have one value each. The object that contains all fields is named once.
 */
export function Diff({ differences }: { differences: readonly Difference[] }) {
  const place = differences.length > 1 ? commonPath(differences) : "";
  return (
    <>
      {place !== "" && <p className={css.place}>{displayPath(place)}</p>}
      <dl className={css.diff}>
        {differences.map(({ path, before, after }) => (
          <div key={path} className={css.row}>
            <dt className={css.path}>{displayPath(path.slice(place.length))}</dt>
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
    </>
  );
}
