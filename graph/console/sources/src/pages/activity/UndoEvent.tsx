import { useMemo, useState } from "react";

import { useQuery } from "../../app/client.ts";
import { Review } from "../../edits/Review.tsx";
import { LatestVersionsDocument } from "../../gql/activity.ts";
import { Button } from "../../parts/Button.tsx";

interface Props {
  /** The name of the toggle that the event changed. */
  toggle: string;
  /** The revision of the event. */
  revision: number;
  onUndone: () => void;
}

/**
 * The button that undoes a change outside of change sets, by going back to the version before it. It is absent after
 * later changes of the toggle, because going back would undo them, too.
 */
export function UndoEvent({ toggle, revision, onUndone }: Props) {
  const { data, again } = useQuery(LatestVersionsDocument, useMemo(() => ({ name: toggle }), [toggle]));
  const [isReviewing, setReviewing] = useState(false);
  const [latest, previous] = data?.toggleVersions.nodes ?? [];
  const expectedRevision = latest?.revision;
  const target = expectedRevision === revision ? previous?.revision : undefined;
  const changes = useMemo(
    () => (target === undefined ? [] : [{ toggleRevertTo: { name: toggle, revision: target, expectedRevision: revision } }]),
    [toggle, target, revision],
  );
  if (changes.length === 0) return null;
  return (
    <>
      <Button small onClick={() => setReviewing(true)}>
        Undo…
      </Button>
      {isReviewing && (
        <Review
          title="Undo the change"
          changes={changes}
          onClose={() => setReviewing(false)}
          onApplied={() => {
            setReviewing(false);
            again();
            onUndone();
          }}
        />
      )}
    </>
  );
}
