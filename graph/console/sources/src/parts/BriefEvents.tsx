import css from "./BriefEvents.module.css";
import { When } from "./When.tsx";

interface BriefEvent {
  id: string;
  summary: string;
  createdAt: string;
  actor: { name: string };
}

/** What happened, with who did it and when. */
export function BriefEvents({ events }: { events: readonly BriefEvent[] }) {
  return (
    <ul className={css.events}>
      {events.map(({ id, summary, createdAt, actor }) => (
        <li key={id}>
          <p>{summary}</p>
          <p className={css.who}>
            <bdi>{actor.name}</bdi>, <When time={createdAt} />
          </p>
        </li>
      ))}
    </ul>
  );
}
