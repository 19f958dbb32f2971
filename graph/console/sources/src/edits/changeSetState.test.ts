import { expect, test } from "vitest";

import { badgeOf, isUndoable } from "./changeSetState.ts";

const applied = { state: "APPLIED", appliedAt: "2026-11-30T10:00:00Z", revertedBy: null } as const;

test("a change set can be undone once, after it has ended", () => {
  expect(isUndoable(applied)).toBe(true);
  expect(isUndoable({ ...applied, revertedBy: {} })).toBe(false);
  expect(isUndoable({ ...applied, state: "SCHEDULED" })).toBe(false);
  expect(isUndoable({ ...applied, state: "CANCELLED" })).toBe(true);
  expect(isUndoable({ ...applied, state: "CANCELLED", appliedAt: null })).toBe(false);
});

test("the badge says what happened last", () => {
  expect(badgeOf(applied).words).toBe("applied");
  expect(badgeOf({ ...applied, revertedBy: {} }).words).toBe("undone");
  const rollout = { ...applied, state: "SCHEDULED", rollout: { pausedAt: "2026-11-30T10:00:00Z" } } as const;
  expect(badgeOf(rollout).words).toBe("paused");
});
