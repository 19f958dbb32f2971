import { useCallback, useState } from "react";

import { FIRST_VIEW, problemOf, usePlan } from "./plan.ts";
import type { Outcome, PlanState, View } from "./plan.ts";

/** What an operation does: try the changes, or make them with a reason. */
export type Mode = { dryRun: true } | { comment: string };

export interface ReviewState extends Omit<PlanState, "report"> {
  /** The reason for the changes. */
  comment: string;
  setComment: (comment: string) => void;
  isApplying: boolean;
  /** Make the changes. */
  apply: () => void;
}

/**
 * Try changes with a dry run, and make them on demand. Another function `send` starts another dry run, so memoize the
 * function. `onMade` is called after the changes were made; if they are refused, the plan has the reasons.
 */
export function useReview<Answer extends Outcome>(
  send: (mode: Mode, view: View) => Promise<Answer>,
  onMade: (answer: Answer) => void,
): ReviewState {
  const [comment, setComment] = useState("");
  const [isApplying, setApplying] = useState(false);
  const dryRun = useCallback((view: View) => send({ dryRun: true }, view), [send]);
  const { report, ...planState } = usePlan(dryRun);

  async function apply() {
    setApplying(true);
    try {
      const answer = await send({ comment }, FIRST_VIEW);
      if (answer.errors.length === 0) {
        onMade(answer);
        return;
      }
      report(answer.errors);
    } catch (error) {
      report([problemOf(error)]);
    }
    setApplying(false);
  }

  return { ...planState, comment, setComment, isApplying, apply: () => void apply() };
}
