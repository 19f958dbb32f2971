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
  /** The path from the root of the input to the field with the error. */
  path?: readonly string[];
  /** The change by somebody else that conflicts. */
  lastEvent?: { summary: string; createdAt: string; actor: { name: string } } | null;
  /** Some of the objects that use an object to delete. */
  usedBy?: readonly User[];
  usedByCount?: number;
}

/** The changes that an answer of the server has, and how many there are. */
interface Page {
  changes: readonly PlannedChange[];
  /** The number of all changes. */
  changeCount: number;
  /** The number of changes that match the view. */
  foundCount: number;
  /** The number of changes with warnings. */
  riskCount: number;
}

/** The answer of the server to a dry run, or to making the changes. */
export interface Outcome extends Page {
  errors: readonly Problem[];
}

/** What the server says about changes. */
export interface Plan extends Page {
  problems: readonly Problem[];
}

/** Which changes of a plan to show. */
export interface View {
  /** The number of changes before the page. */
  offset: number;
  /** A text that the changes contain. */
  search: string;
  /** Whether to show only changes with warnings. */
  withWarnings: boolean;
}

/** Browsers need seconds for thousands of changes, and servers for their fields. */
export const SHOWN_AT_ONCE = 100;
export const FIRST_VIEW: View = { offset: 0, search: "", withWarnings: false };

const NOTHING: Page = { changes: [], changeCount: 0, foundCount: 0, riskCount: 0 };

export interface PlanState {
  /** The answer of the last dry run; undefined while the first one runs. */
  plan: Plan | undefined;
  /** Which changes the plan has. Another view starts another dry run. */
  view: View;
  setView: (view: View) => void;
  /** Whether another dry run is running, so that the plan is out of date. */
  isPending: boolean;
  /** Run the dry run again. */
  again: () => void;
  /** Show other problems, such as those of applying the changes. */
  report: (problems: readonly Problem[]) => void;
}

/** Run a dry run now and whenever the function changes, so memoize the function. */
export function usePlan(dryRun: (view: View) => Promise<Outcome>): PlanState {
  const [answer, setAnswer] = useState<{ request: object; plan: Plan }>();
  const [attempt, setAttempt] = useState(0);
  const [view, setView] = useState(FIRST_VIEW);
  const request = useMemo(() => ({ dryRun, view, attempt }), [dryRun, view, attempt]);

  useEffect(() => {
    let isCurrent = true;
    request
      .dryRun(request.view)
      .then(({ errors, ...page }): Plan => ({ ...page, problems: errors }))
      .catch((error: Error): Plan => ({ ...NOTHING, problems: [problemOf(error)] }))
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
      setAnswer((before) => ({ request, plan: { ...NOTHING, ...before?.plan, problems } })),
    [request],
  );
  return { plan: answer?.plan, view, setView, isPending: answer?.request !== request, again, report };
}

/** Return the problem to show for an operation that failed. */
export function problemOf(error: unknown): Problem {
  return { code: "", message: (error as Error).message };
}
