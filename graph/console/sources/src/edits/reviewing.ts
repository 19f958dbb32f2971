import { useCallback, useState } from "react";

import type { PlannedChange } from "./ChangeCard.tsx";
import { problemOf, usePlan } from "./plan.ts";
import type { Plan, Problem } from "./plan.ts";

/** The answer of the server to a dry run, or to making the changes. */
export interface Outcome {
  changes: readonly PlannedChange[];
  errors: readonly Problem[];
}

/** What an operation does: try the changes, or make them with a reason. */
export type Mode = { dryRun: true } | { comment: string };

export interface ReviewState {
  /** The answer of the last dry run; undefined while the first one runs. */
  plan: Plan | undefined;
  /** Whether another dry run is running, so that the plan is out of date. */
  isPending: boolean;
  /** Run the dry run again. */
  again: () => void;
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
  send: (mode: Mode) => Promise<Answer>,
  onMade: (answer: Answer) => void,
): ReviewState {
  const [comment, setComment] = useState("");
  const [isApplying, setApplying] = useState(false);
  const dryRun = useCallback(async () => {
    const { changes, errors } = await send({ dryRun: true });
    return { changes, problems: errors };
  }, [send]);
  const { plan, isPending, again, report } = usePlan(dryRun);

  async function apply() {
    setApplying(true);
    try {
      const answer = await send({ comment });
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

  return { plan, isPending, again, comment, setComment, isApplying, apply: () => void apply() };
}
