import { expect, test } from "vitest";

import { findChanges } from "./findChanges.ts";

const PRODUCTION = { id: "1", name: "production", type: "PRODUCTION" } as const;
const ON = { plan: "Switches on checkout", subjectName: "checkout", environment: PRODUCTION, warnings: [] };
const ARCHIVED = {
  plan: "Archives banner",
  subjectName: "banner",
  environment: null,
  warnings: [{ message: "The application web used the toggle an hour ago." }],
};
const CHANGES = [ON, ARCHIVED] as unknown as Parameters<typeof findChanges>[0];

test.each([
  ["", false, CHANGES],
  [" CHECKOUT ", false, [ON]],
  ["production", false, [ON]],
  ["application web", false, [ARCHIVED]],
  ["", true, [ARCHIVED]],
  ["checkout", true, []],
])("the search %j with only risks %j finds the changes", (search, hasRisk, found) => {
  expect(findChanges(CHANGES, search, hasRisk)).toEqual(found);
});
