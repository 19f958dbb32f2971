import { expect, test } from "vitest";

import type { Plan } from "./plan.ts";
import { proposedSteps, rolloutIn, spanWords, stepInputs } from "./rollout.ts";
import type { ChangeInput } from "../gql/edits.ts";

const CHANGES: ChangeInput[] = [
  { toggleStrategyUpdate: { id: "s", parameters: [{ name: "rollout", value: "35" }], expectedRevision: 7 } },
];
const DIFFERENCE = {
  path: "/environments/production/strategies/0/parameters/rollout",
  kind: "CHANGED",
  before: "5",
  after: "35",
} as const;

function planOf(...differences: { path: string; before: unknown; after: unknown }[]): Plan {
  const change = {
    index: 0,
    summary: "",
    plan: "",
    type: "TOGGLE_STRATEGY_UPDATED",
    subjectName: "a",
    environment: null,
    changes: differences.map((difference) => ({ kind: "CHANGED" as const, ...difference })),
    warnings: [],
  } as const;
  const counts = { changeCount: 1, foundCount: 1, riskCount: 0 };
  return { changes: [{ ...change, changes: [...change.changes], warnings: [] }], ...counts, problems: [] };
}

test("a change of only a percentage can be made in steps", () => {
  const target = { strategy: "s", expectedRevision: 7, from: 5, to: 35 };

  expect(rolloutIn(CHANGES, planOf(DIFFERENCE))).toEqual(target);
  expect(proposedSteps(target).map(({ rollout }) => rollout)).toEqual(["15", "25", "35"]);
});

test("other changes cannot be made in steps", () => {
  const stickiness = { ...DIFFERENCE, path: "/environments/production/strategies/0/parameters/stickiness" };

  expect(rolloutIn(CHANGES, undefined)).toBeUndefined();
  expect(rolloutIn(CHANGES, planOf(stickiness))).toBeUndefined();
  expect(rolloutIn(CHANGES, planOf(DIFFERENCE, stickiness))).toBeUndefined();
  expect(rolloutIn([...CHANGES, ...CHANGES], planOf(DIFFERENCE))).toBeUndefined();
  expect(rolloutIn([{ toggleStrategyUpdate: { id: "s", title: "x" } }], planOf(DIFFERENCE))).toBeUndefined();
});

test("equal steps are proposed once", () => {
  const target = { strategy: "s", expectedRevision: null, from: 99, to: 100 };

  expect(proposedSteps(target).map(({ rollout }) => rollout)).toEqual(["99", "100"]);
});

test("steps are sent in minutes once all fields are numbers", () => {
  expect(
    stepInputs([
      { rollout: "30", after: "5", unit: "minutes" },
      { rollout: "60", after: "2", unit: "days" },
    ]),
  ).toEqual([
    { rollout: 30, after: 5 },
    { rollout: 60, after: 2_880 },
  ]);
  expect(stepInputs([{ rollout: "", after: "5", unit: "hours" }])).toBeUndefined();
  expect(stepInputs([{ rollout: "5", after: "x", unit: "hours" }])).toBeUndefined();
  expect(stepInputs([])).toBeUndefined();
});

test("spans have the largest unit without a remainder", () => {
  expect([0, 1, 59, 60, 90, 1_440, 4_320].map(spanWords)).toEqual([
    "0 minutes",
    "1 minute",
    "59 minutes",
    "1 hour",
    "90 minutes",
    "1 day",
    "3 days",
  ]);
});
