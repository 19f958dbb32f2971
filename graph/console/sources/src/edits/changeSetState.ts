// What people see of the state of a change set.
import type { ChangeSetState } from "../gql/edits.ts";

export interface StateBadge {
  words: string;
  tone: "good" | "warn" | "bad" | "plain";
}

interface ChangeSet {
  state: ChangeSetState;
  appliedAt: string | null;
  revertedBy: object | null;
  rollout?: { pausedAt: string | null } | null;
}

const BADGES: Record<ChangeSetState, StateBadge> = {
  SCHEDULED: { words: "scheduled", tone: "warn" },
  APPLIED: { words: "applied", tone: "good" },
  CANCELLED: { words: "cancelled", tone: "plain" },
  REFUSED: { words: "refused", tone: "bad" },
};

export function badgeOf({ state, revertedBy, rollout }: ChangeSet): StateBadge {
  if (revertedBy) return { words: "undone", tone: "plain" };
  if (state === "SCHEDULED" && rollout?.pausedAt) return { words: "paused", tone: "warn" };
  return BADGES[state];
}

/** Whether anything of a change set was applied that can be undone now. */
export function isUndoable({ state, appliedAt, revertedBy }: ChangeSet): boolean {
  return appliedAt !== null && state !== "SCHEDULED" && revertedBy === null;
}
