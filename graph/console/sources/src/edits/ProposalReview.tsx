import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Link } from "wouter";

import { Review } from "./Review.tsx";
import { proposalIn, withoutRevisions } from "../app/proposal.ts";
import type { Proposal } from "../app/proposal.ts";
import { useSession } from "../app/session.tsx";
import type { ChangeInput } from "../gql/edits.ts";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";

/** The review of the changes that the fragment of the address proposes; nothing if there is no proposal. */
export default function ProposalReview() {
  const fragment = useSyncExternalStore(subscribe, () => location.hash);
  const proposal = useMemo(() => proposalIn(fragment), [fragment]);
  return proposal && <Content key={fragment} proposal={proposal} />;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

/** Tell the review that the fragment has changed. */
function announce() {
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Forget the proposal, also when somebody goes back. */
function close() {
  history.replaceState(history.state, "", location.pathname + location.search);
  announce();
}

function Content({ proposal }: { proposal: Proposal }) {
  const { viewer } = useSession();
  // A link to another page drops the fragment, without an event of the browser.
  useEffect(() => announce, []);
  if ("problem" in proposal) {
    return (
      <Dialog title="The proposal cannot be read" onClose={close} actions={<Button onClick={close}>Close</Button>}>
        <p>{proposal.problem}</p>
      </Dialog>
    );
  }
  const { changes } = proposal;
  if (viewer.canWrite) return <ProposedChanges changes={changes} />;
  const parameters = new URLSearchParams({ changes: JSON.stringify(changes) });
  return (
    <Dialog title="Somebody proposes changes" onClose={close} actions={<Button onClick={close}>Close</Button>}>
      <p>Your token only reads, so you cannot apply the changes.</p>
      <p>
        <Link href={`/playground?${parameters.toString()}`} onClick={close}>
          Show in the playground what they would change
        </Link>
      </p>
    </Dialog>
  );
}

function ProposedChanges({ changes }: { changes: readonly ChangeInput[] }) {
  const [isRebased, setRebased] = useState(false);
  const reviewed = useMemo(() => (isRebased ? withoutRevisions(changes) : changes), [isRebased, changes]);
  return (
    <Review
      title="Proposed changes"
      changes={reviewed}
      onConflict={isRebased ? undefined : { title: "Compare with today", run: () => setRebased(true) }}
      onClose={close}
      onApplied={close}
    />
  );
}
