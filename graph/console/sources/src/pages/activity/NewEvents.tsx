import css from "./NewEvents.module.css";
import { useLive } from "../../app/client.ts";
import { NewEventsDocument } from "../../gql/activity.ts";
import type { EventFilter } from "../../gql/activity.ts";
import { Button } from "../../parts/Button.tsx";

interface Props {
  filter: EventFilter;
  /** The cursor of the last event that the page knows. */
  after: string | null;
  count: number;
  onNumber: (number: number) => void;
  onShow: () => void;
}

/** Follows the log, and offers to show the new events. */
export function NewEvents({ filter, after, count, onNumber, onShow }: Props) {
  useLive(NewEventsDocument, { filter, after }, ({ events }) => onNumber(events.node.number));
  return (
    <div className={css.place} role="status">
      {count > 0 && (
        <Button small onClick={onShow}>
          {count === 1 ? "Show 1 new event" : `Show ${count} new events`}
        </Button>
      )}
    </div>
  );
}
