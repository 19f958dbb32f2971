import css from "./VersionList.module.css";
import type { VersionEdge } from "./versions.ts";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { When } from "../../parts/When.tsx";

interface Props {
  edges: readonly VersionEdge[];
  chosen: VersionEdge | undefined;
  onChoose: (edge: VersionEdge) => void;
}

/** The versions, newest first: who changed what and when. */
export function VersionList({ edges, chosen, onChoose }: Props) {
  return (
    <ol className={css.list} aria-label="Versions">
      {edges.map((edge) => {
        const { revision, event } = edge.node;
        return (
          <li key={edge.cursor}>
            <button
              type="button"
              className={css.version}
              aria-current={edge === chosen ? "true" : undefined}
              onClick={() => onChoose(edge)}
            >
              <span className={css.what}>{event.summary}</span>
              <span className={css.who}>
                {event.environment && <EnvironmentName name={event.environment.name} type={event.environment.type} />}
                <span>{event.actor.name}</span>
                <When time={event.createdAt} />
                <span>revision {revision}</span>
                {event.changeSet && event.changeSet.changeCount > 1 && (
                  <span>one of {event.changeSet.changeCount} changes</span>
                )}
              </span>
              {event.changeSet?.comment && <q className={css.why}>{event.changeSet.comment}</q>}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
