// How a review sends its changes to the server: applied now, scheduled for a time, or as a rollout in steps.
import { FIRST_VIEW } from "./plan.ts";
import type { Outcome, View } from "./plan.ts";
import { stepInputs } from "./rollout.ts";
import type { Schedule } from "./ScheduleFields.tsx";
import { textOf } from "../app/client.ts";
import type { Ask } from "../app/client.ts";
import { ApplyChangesDocument, ScheduleRolloutDocument } from "../gql/edits.ts";
import type { ChangeInput, ChangeSetApplyInput, RolloutScheduleInput } from "../gql/edits.ts";

export type Submission =
  | { kind: "changes"; input: ChangeSetApplyInput }
  | { kind: "rollout"; input: RolloutScheduleInput };

interface Submitted extends Outcome {
  changeSet: { id: string; applyAt: string | null } | null;
}

/** Return what to send; undefined while the schedule is incomplete. */
export function submissionOf(changes: readonly ChangeInput[], schedule: Schedule): Submission | undefined {
  if (schedule.kind === "now") return { kind: "changes", input: { changes: [...changes] } };
  if (schedule.kind === "time") {
    const { at, force } = schedule;
    return at === "" ? undefined : { kind: "changes", input: { changes: [...changes], applyAt: at, force } };
  }
  const { target, force } = schedule;
  const steps = stepInputs(schedule.steps);
  const { strategy, expectedRevision } = target;
  return steps && { kind: "rollout", input: { strategy, steps, force, expectedRevision } };
}

/** Send a submission with a reason and a key, or try it with a dry run. */
export async function submit(
  ask: Ask,
  { kind, input }: Submission,
  options: { dryRun: true } | { comment: string; idempotencyKey: string },
  view: View = FIRST_VIEW,
): Promise<Submitted> {
  if (kind === "changes") {
    return (await ask(ApplyChangesDocument, { input: { ...input, ...options }, ...view })).changeSetApply;
  }
  return (await ask(ScheduleRolloutDocument, { input: { ...input, ...options }, ...view })).rolloutSchedule;
}

/** Return the text of the operation that a submission sends. */
export function operationOf({ kind }: Submission): string {
  return kind === "changes" ? textOf(ApplyChangesDocument) : textOf(ScheduleRolloutDocument);
}
