import css from "./ChangeCard.module.css";
import type { ChangePartsFragment } from "../gql/edits.ts";
import type { EventType } from "../gql/edits.ts";
import { Diff } from "../parts/Diff.tsx";
import { visibleDifferences } from "../parts/difference.ts";
import { EnvironmentMark, EnvironmentName } from "../parts/EnvironmentName.tsx";

export type PlannedChange = ChangePartsFragment;

interface Props {
  change: PlannedChange;
  /** Whether the change has been made; by default it is only planned. */
  isMade?: boolean;
}

// The sentences of these changes say everything that their fields say.
const PLAIN: ReadonlySet<EventType> = new Set(["TOGGLE_ENABLED", "TOGGLE_DISABLED", "TOGGLE_ARCHIVED", "TOGGLE_REVIVED"]);

/** One change: its effect, its risks, and the fields that the change affects. */
export function ChangeCard({ change, isMade = false }: Props) {
  const { plan, summary, type, environment, warnings, changes } = change;
  const differences = visibleDifferences(changes);
  const sentence = isMade ? summary : plan;
  const isNamed = environment && [`${environment.name}.`, `${environment.name}).`].some((end) => sentence.endsWith(` in ${end}`));
  return (
    <li className={css.card}>
      <p className={css.plan} data-named={isNamed}>
        {isNamed && <EnvironmentMark {...environment} />}
        <span>{sentence}</span>
        {environment && !isNamed && <EnvironmentName {...environment} />}
      </p>
      {warnings.map(({ message }) => (
        <p key={message} className={css.warning}>
          {message}
        </p>
      ))}
      {differences.length > 0 && (
        <details className={css.fields} open={!PLAIN.has(type)}>
          <summary>{differences.length === 1 ? "1 field" : `${differences.length} fields`}</summary>
          <Diff differences={differences} />
        </details>
      )}
    </li>
  );
}
