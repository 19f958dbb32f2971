import { expect, test } from "vitest";

import { changeSetTitle } from "./changeSetTitle.ts";

const ARCHIVED = { summary: "Archived toggle 'a'.", plan: "Archives toggle 'a'." };
const APPLIED_AT = "2026-11-30T07:04:12Z";

test.each([
  ["a reason", "a reason", 3, APPLIED_AT],
  ["Archived toggle 'a'.", "", 1, APPLIED_AT],
  ["3 changes: Archived toggle 'a' and others", "", 3, APPLIED_AT],
  ["2 changes: Archives toggle 'a' and another one", "", 2, null],
])("the title is %s", (title, comment, changeCount, appliedAt) => {
  expect(changeSetTitle({ comment, changeCount, appliedAt }, ARCHIVED)).toBe(title);
});

test("a change set without changes says so", () => {
  expect(changeSetTitle({ comment: "", changeCount: 0, appliedAt: APPLIED_AT }, undefined)).toBe("Nothing changed.");
});
