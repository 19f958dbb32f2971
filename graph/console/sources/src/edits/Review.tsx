import { useCallback, useMemo, useState } from "react";

import { curlOf } from "./curl.ts";
import { newKey } from "./ids.ts";
import { problemOf, usePlan } from "./plan.ts";
import { ReviewDialog } from "./ReviewDialog.tsx";
import { ScheduleFields } from "./ScheduleFields.tsx";
import type { Schedule } from "./ScheduleFields.tsx";
import { useScheduled } from "./scheduled.ts";
import { useUndo } from "./undo.ts";
import { textOf, useAsk } from "../app/client.ts";
import { ApplyChangesDocument } from "../gql/edits.ts";
import type { ChangeInput } from "../gql/edits.ts";

interface Props {
  title: string;
  /** The changes to review. Another list starts another dry run, so memoize the list. */
  changes: readonly ChangeInput[];
  onClose: () => void;
  /** Called after the changes were applied or scheduled. */
  onApplied: () => void;
}

/** A dialog that shows the effects of changes in a dry run on the server, and applies or schedules the changes. */
export function Review({ title, changes, onClose, onApplied }: Props) {
  const ask = useAsk();
  const announceApplied = useUndo();
  const announceScheduled = useScheduled();
  const [comment, setComment] = useState("");
  const [isApplying, setApplying] = useState(false);
  const [schedule, setSchedule] = useState<Schedule>("now");
  const [key] = useState(newKey);
  const input = useMemo(() => ({ changes: [...changes], ...scheduleInput(schedule) }), [changes, schedule]);
  const dryRun = useCallback(async () => {
    const { changeSetApply } = await ask(ApplyChangesDocument, { input: { ...input, dryRun: true } });
    return { changes: changeSetApply.changes, problems: changeSetApply.errors };
  }, [ask, input]);
  const { plan, again, report } = usePlan(dryRun);

  async function apply() {
    setApplying(true);
    try {
      const { changeSetApply } = await ask(ApplyChangesDocument, { input: { ...input, comment, idempotencyKey: key } });
      if (changeSetApply.changeSet) {
        const { id } = changeSetApply.changeSet;
        if (input.applyAt) announceScheduled(id, input.applyAt);
        else announceApplied(id, changeSetApply.changes);
        onApplied();
        return;
      }
      report(changeSetApply.errors);
    } catch (error) {
      report([problemOf(error)]);
    }
    setApplying(false);
  }

  return (
    <ReviewDialog
      title={title}
      plan={plan}
      expected={changes.length}
      comment={comment}
      onComment={setComment}
      applyWords={(count) => wordsOf(schedule === "now" ? "Apply" : "Schedule", count)}
      isApplying={isApplying}
      isIncomplete={schedule !== "now" && schedule.at === ""}
      curl={() => curlOf(textOf(ApplyChangesDocument), { input: { ...input, comment } })}
      wayOut={{ title: "Try again", run: again }}
      onApply={() => void apply()}
      onClose={onClose}
    >
      <ScheduleFields schedule={schedule} onChange={setSchedule} />
    </ReviewDialog>
  );
}

function scheduleInput(schedule: Schedule): { applyAt?: string; force?: boolean } {
  return schedule === "now" || schedule.at === "" ? {} : { applyAt: schedule.at, force: schedule.force };
}

function wordsOf(verb: string, count: number): string {
  return count > 1 ? `${verb} ${count} changes` : verb;
}
