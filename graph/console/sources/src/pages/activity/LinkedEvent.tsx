import css from "./EventLog.module.css";
import { EventItem } from "./EventItem.tsx";
import { useQuery } from "../../app/client.ts";
import { EventDetailsDocument } from "../../gql/activity.ts";
import { Banner } from "../../parts/Banner.tsx";
import { Button } from "../../parts/Button.tsx";

interface Props {
  id: string;
  onClose: () => void;
}

/** An event that the address names but the list does not contain. */
export function LinkedEvent({ id, onClose }: Props) {
  const { data, problem, loading } = useQuery(EventDetailsDocument, { id });
  const event = data?.node;
  if (event?.id === id && "summary" in event) {
    return (
      <div className={css.container}>
        <ul className={css.log} aria-label="Event of the address">
          <EventItem event={event} isOpen onToggle={onClose} />
        </ul>
      </div>
    );
  }
  if (loading) return null;
  return (
    <Banner>
      <span>{problem ?? "There is no event with the ID in the address."}</span>
      <Button small onClick={onClose}>
        Close
      </Button>
    </Banner>
  );
}
