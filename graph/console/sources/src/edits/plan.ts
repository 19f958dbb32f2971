import { useCallback, useEffect, useMemo, useState } from "react";

import type { PlannedChange } from "./ChangeCard.tsx";

/** An object that uses another one. It has the name of its kind. */
export interface User {
  id: string;
  /** The name of a toggle. */
  name?: string;
  segmentName?: string;
  tokenName?: string;
}

export interface Problem {
  code: string;
  message: string;
  /** The change by somebody else that conflicts. */
  lastEvent?: { summary: string; createdAt: string; actor: { name: string } } | null;
  /** Some of the objects that use an object to delete. */
  usedBy?: readonly User[];
  usedByCount?: number;
}

/** What the server says about changes. */
export interface Plan {
  changes: readonly PlannedChange[];
  problems: readonly Problem[];
}

interface PlanState {
  /** The answer of the last dry run; undefined while the first one runs. */
  plan: Plan | undefined;
  /** Whether another dry run is running, so that the plan is out of date. */
  isPending: boolean;
  /** Run the dry run again. */
  again: () => void;
  /** Show other problems, such as those of applying the changes. */
  report: (problems: readonly Problem[]) => void;
}

/** Run a dry run now and whenever the function changes, so memoize the function. */
export function usePlan(dryRun: () => Promise<Plan>): PlanState {
  const [answer, setAnswer] = useState<{ request: object; plan: Plan }>();
  const [attempt, setAttempt] = useState(0);
  const request = useMemo(() => ({ dryRun, attempt }), [dryRun, attempt]);

  useEffect(() => {
    let isCurrent = true;
    request
      .dryRun()
      .catch((error: Error) => ({ changes: [], problems: [problemOf(error)] }))
      .then((next) => {
        if (isCurrent) setAnswer({ request, plan: next });
      });
    return () => {
      isCurrent = false;
    };
  }, [request]);

  const again = useCallback(() => setAttempt((before) => before + 1), []);
  const report = useCallback(
    (problems: readonly Problem[]) =>
      setAnswer((before) => ({ request, plan: { changes: before?.plan.changes ?? [], problems } })),
    [request],
  );
  return { plan: answer?.plan, isPending: answer?.request !== request, again, report };
}

/** Return the problem to show for an operation that failed. */
export function problemOf(error: unknown): Problem {
  return { code: "", message: (error as Error).message };
}
