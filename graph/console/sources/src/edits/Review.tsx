import { useCallback, useMemo, useState } from "react";

import { applyWords } from "./applyWords.ts";
import { newKey } from "./ids.ts";
import type { View } from "./plan.ts";
import { useReview } from "./reviewing.ts";
import type { Mode } from "./reviewing.ts";
import { ReviewDialog } from "./ReviewDialog.tsx";
import { rolloutIn } from "./rollout.ts";
import type { RolloutTarget } from "./rollout.ts";
import { later, ScheduleFields } from "./ScheduleFields.tsx";
import type { Schedule } from "./ScheduleFields.tsx";
import { useScheduled } from "./scheduled.ts";
import { operationOf, submissionOf, submit } from "./submission.ts";
import type { Submission } from "./submission.ts";
import { useUndo } from "./undo.ts";
import { useAsk } from "../app/client.ts";
import { proposalLink } from "../app/proposal.ts";
import type { ChangeInput } from "../gql/edits.ts";
import { useToast } from "../parts/Toast.tsx";

interface Props {
  title: string;
  /** The changes to review. Another list starts another dry run, so memoize the list. */
  changes: readonly ChangeInput[];
  /** Whether a later time is chosen at first. */
  isLater?: boolean;
  /** The way on if others have changed the same objects since; by default another attempt. */
  onConflict?: { title: string; run: () => void } | undefined;
  onClose: () => void;
  /** Called after the changes were applied or scheduled. */
  onApplied: () => void;
}

const NOW: Schedule = { kind: "now" };

/** A dialog that shows the effects of changes in a dry run on the server, and applies or schedules the changes. */
export function Review({ title, changes, isLater = false, onConflict, onClose, onApplied }: Props) {
  const ask = useAsk();
  const announceApplied = useUndo();
  const announceScheduled = useScheduled();
  const show = useToast();
  const [schedule, setSchedule] = useState(() => (isLater ? later() : NOW));
  const [key] = useState(newKey);
  const submission = useMemo(() => submissionOf(changes, schedule), [changes, schedule]);
  // While the schedule is incomplete, the dialog shows what the changes would do now.
  const shown = useMemo<Submission>(
    () => submission ?? { kind: "changes", input: { changes: [...changes] } },
    [submission, changes],
  );
  const send = useCallback(
    (mode: Mode, view: View) => submit(ask, shown, "dryRun" in mode ? mode : { ...mode, idempotencyKey: key }, view),
    [ask, shown, key],
  );
  const review = useReview(send, ({ changeSet, ...made }) => {
    if (!changeSet) show({ text: "The changes changed nothing." });
    else if (changeSet.applyAt) announceScheduled(changeSet.id, changeSet.applyAt);
    else announceApplied(changeSet.id, made);
    onApplied();
  });
  const { plan, isPending, comment } = review;

  // The dry run of the steps themselves no longer shows the one change that they are made of.
  const [target, setTarget] = useState<RolloutTarget>();
  const isShownNow = schedule === NOW && !isPending;
  const found = useMemo(() => (isShownNow ? rolloutIn(changes, plan) : undefined), [isShownNow, changes, plan]);
  if (found && found !== target) setTarget(found);

  return (
    <ReviewDialog
      title={title}
      review={review}
      expected={changes.length}
      applyWords={(planned) => applyWords(schedule.kind, planned)}
      isIncomplete={submission === undefined}
      operation={() => ({ query: operationOf(shown), variables: { input: { ...shown.input, comment } } })}
      link={() => proposalLink(changes)}
      onConflict={onConflict}
      onClose={onClose}
    >
      <ScheduleFields
        schedule={schedule}
        target={target}
        onChange={(next) => setSchedule(next.kind === "now" ? NOW : next)}
      />
    </ReviewDialog>
  );
}

