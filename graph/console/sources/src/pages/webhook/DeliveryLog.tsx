import { Link } from "wouter";

import type { Webhook } from "./WebhookView.tsx";
import { useAddress } from "../../app/address.ts";
import { FIRST_PAGE, turningIn } from "../../app/paging.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { DataTable } from "../../parts/DataTable.tsx";
import type { Column } from "../../parts/DataTable.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Pager } from "../../parts/Pager.tsx";
import { Segmented } from "../../parts/Segmented.tsx";
import { When } from "../../parts/When.tsx";
import { answerWords, STATES } from "../../webhooks/delivery.ts";
import type { Delivery, StateChoice } from "../../webhooks/delivery.ts";
import { DeliveryState } from "../../webhooks/DeliveryState.tsx";
import css from "../../webhooks/webhooks.module.css";

interface Props {
  deliveries: Webhook["deliveries"];
  state: StateChoice;
  isLoading: boolean;
  onRefresh: () => void;
}

const COLUMNS: readonly Column<Delivery>[] = [
  { title: "Event", cell: (delivery) => <EventOf delivery={delivery} /> },
  { title: "State", width: 130, cell: (delivery) => <StateOf delivery={delivery} /> },
  { title: "Answer", cell: (delivery) => answerWords(delivery) || "none yet" },
  { title: "Attempts", width: 84, cell: ({ attempts }) => attempts },
  { title: "Last attempt", width: 104, cell: ({ attemptedAt }) => <When time={attemptedAt} never="none yet" /> },
];

/** The waiting deliveries of a webhook, and the last ones that were delivered or have failed. */
export function DeliveryLog({ deliveries, state, isLoading, onRefresh }: Props) {
  const address = useAddress();
  const { nodes, totalCount, pageInfo } = deliveries;
  const choose = (next: StateChoice) => address.change({ state: next === "all" ? null : next, ...FIRST_PAGE });
  return (
    <Card
      title="Deliveries"
      aside={
        <>
          <span role="status">{`${totalCount} ${state === "all" ? "in the log" : "found"}`}</span>
          <Button small onClick={onRefresh}>
            Refresh
          </Button>
        </>
      }
    >
      <div>
        <Segmented label="State" choices={STATES} value={state} onChange={choose} />
      </div>
      {nodes.length > 0 ? (
        <DataTable label="Deliveries" columns={COLUMNS} rows={nodes} keyOf={({ id }) => id} isLoading={isLoading} />
      ) : state === "all" ? (
        <Empty title="Nothing was sent yet">
          <p>Send a test, or wait for an event that the webhook gets.</p>
        </Empty>
      ) : (
        <Empty title="No delivery is in this state">
          <Button onClick={() => choose("all")}>Show all deliveries</Button>
        </Empty>
      )}
      <Pager {...turningIn(address, pageInfo)} />
    </Card>
  );
}

function EventOf({ delivery: { event, isTest } }: { delivery: Delivery }) {
  return (
    <div className={css.title}>
      {event ? (
        <Link href={`/activity?${new URLSearchParams({ event: event.id }).toString()}`}>{event.summary}</Link>
      ) : (
        <span className={css.details}>The audit log no longer contains the event.</span>
      )}
      {isTest && <Badge tone="plain">test</Badge>}
    </div>
  );
}

function StateOf({ delivery }: { delivery: Delivery }) {
  const { attempts, nextAttemptAt } = delivery;
  return (
    <>
      <DeliveryState delivery={delivery} />
      {attempts > 0 && nextAttemptAt !== null && (
        <div className={css.details}>
          next attempt <When time={nextAttemptAt} />
        </div>
      )}
    </>
  );
}
