import { useState } from "react";
import { Link } from "wouter";

import css from "./EventDetails.module.css";
import { UndoEvent } from "./UndoEvent.tsx";
import { changeSetAddress } from "../../app/changeSetAddress.ts";
import { textOf, useQuery } from "../../app/client.ts";
import { useSession } from "../../app/session.tsx";
import { toggleAddress } from "../../app/toggleAddress.ts";
import { isUndoable } from "../../edits/changeSetState.ts";
import { UndoReview } from "../../edits/UndoReview.tsx";
import { EventDetailsDocument } from "../../gql/activity.ts";
import type { EventDetailsQuery } from "../../gql/activity.ts";
import { Button } from "../../parts/Button.tsx";
import { CopyOperation } from "../../parts/CopyOperation.tsx";
import { Diff } from "../../parts/Diff.tsx";
import { visibleDifferences } from "../../parts/difference.ts";
import { displayTime } from "../../parts/localTime.ts";
import { RetryBanner } from "../../parts/RetryBanner.tsx";

type LoadedEvent = Extract<NonNullable<EventDetailsQuery["node"]>, { summary: string }>;

/** The fields that an event changed, and what can be done about the change. */
export function EventDetails({ id }: { id: string }) {
  const { data, problem, again } = useQuery(EventDetailsDocument, { id });
  const node = data?.node;
  const event = node?.id === id && "summary" in node ? node : undefined;
  if (event) return <Details event={event} onUndone={again} />;
  return (
    <div className={css.details}>
      {problem ? (
        <RetryBanner onRetry={again}>{problem}</RetryBanner>
      ) : (
        <p role="status">Loading</p>
      )}
    </div>
  );
}

function Details({ event, onUndone }: { event: LoadedEvent; onUndone: () => void }) {
  const { viewer } = useSession();
  const [isUndoing, setUndoing] = useState(false);
  const { id, number, revision, createdAt, toggle, changes, changeSet } = event;
  const differences = visibleDifferences(changes);
  const canUndo = viewer.canWrite && changeSet !== null && isUndoable(changeSet);
  return (
    <div className={css.details}>
      {differences.length > 0 ? <Diff differences={differences} /> : <p className={css.note}>No field changed.</p>}
      <p className={css.note}>
        Event {number}, {displayTime(createdAt)}
      </p>
      <div className={css.actions}>
        {toggle && <Link href={toggleAddress(toggle.name)}>Open {toggle.name}</Link>}
        {changeSet && (
          <Link href={changeSetAddress(changeSet.id)}>
            {changeSet.changeCount > 1 ? `Open the change set with ${changeSet.changeCount} changes` : "Open the change set"}
          </Link>
        )}
        {changeSet?.revertedBy && (
          <Link href={changeSetAddress(changeSet.revertedBy.id)}>Open its undo</Link>
        )}
        <CopyOperation operation={() => ({ query: textOf(EventDetailsDocument), variables: { id } })} />
        {canUndo && (
          <Button small onClick={() => setUndoing(true)}>
            Undo…
          </Button>
        )}
        {viewer.canWrite && toggle && !changeSet && (
          <UndoEvent toggle={toggle.name} revision={revision} onUndone={onUndone} />
        )}
      </div>
      {isUndoing && changeSet && (
        <UndoReview
          id={changeSet.id}
          onClose={() => setUndoing(false)}
          onUndone={() => {
            setUndoing(false);
            onUndone();
          }}
        />
      )}
    </div>
  );
}
