import { expect, test } from "vitest";

import { creationOf, moved, orderChanges } from "./changes.ts";
import type { Environment } from "./changes.ts";

function environments(...sortOrders: number[]): Environment[] {
  return sortOrders.map((sortOrder, index) => ({
    id: String(index),
    name: "abcdef".charAt(index),
    type: "TEST",
    sortOrder,
    revision: 7,
    enabled: true,
    builtIn: false,
    enabledToggleCount: 0,
  }));
}

function positions(ordered: readonly Environment[]) {
  return orderChanges(ordered).map(({ environmentUpdate }) => [environmentUpdate?.name, environmentUpdate?.sortOrder]);
}

test("moving an environment exchanges two positions", () => {
  const before = environments(0, 10, 30);

  expect(positions(moved(before, "c", -1))).toEqual([["c", 10], ["b", 30]]);
  expect(positions(moved(before, "a", -1))).toEqual([]);
  expect(positions(moved(before, "unknown", 1))).toEqual([]);
});

test("environments in the same position are numbered", () => {
  expect(positions(moved(environments(0, 5, 5), "c", -1))).toEqual([["c", 1], ["b", 2]]);
});

test("the changes of positions expect the revision that the page shows", () => {
  const [change] = orderChanges(moved(environments(0, 1), "b", -1));

  expect(change?.environmentUpdate?.expectedRevision).toBe(7);
});

test("a new environment copies configurations only on request", () => {
  const environment = { name: "stage", type: "TEST" as const };

  expect(creationOf({ ...environment, copyFrom: "" })).toEqual({ environmentCreate: environment });
  expect(creationOf({ ...environment, copyFrom: "prod" })).toEqual({ environmentCreate: { ...environment, copyFrom: "prod" } });
});
