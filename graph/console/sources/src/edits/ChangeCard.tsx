import css from "./ChangeCard.module.css";
import type { ChangePartsFragment } from "../gql/edits.ts";
import { Diff } from "../parts/Diff.tsx";
import { EnvironmentName } from "../parts/EnvironmentName.tsx";

export type PlannedChange = ChangePartsFragment;

interface Props {
  change: PlannedChange;
  /** Whether the change has been made; by default it is only planned. */
  isMade?: boolean;
}

/** One change: its effect, its risks, and the fields that the change affects. */
export function ChangeCard({ change, isMade = false }: Props) {
  const { plan, summary, environment, warnings, changes } = change;
  return (
    <li className={css.card}>
      <p className={css.plan}>
        {environment && (
          <strong>
            <EnvironmentName name={environment.name} type={environment.type} />
          </strong>
        )}
        <span>{isMade ? summary : plan}</span>
      </p>
      {warnings.map(({ message }) => (
        <p key={message} className={css.warning}>
          {message}
        </p>
      ))}
      {changes.length > 0 && <Diff differences={changes} />}
    </li>
  );
}
