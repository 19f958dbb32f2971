import { expect, test } from "vitest";

import { nameProblem } from "./names.ts";

const RULE = { maxNameLength: 10, namePattern: "^(?!\\.{1,2}$)[A-Za-z0-9\\-_.!~*'\\(\\)]+$" };

test.each(["", "checkout", "a.b_(c)", "..."])("the name %j is not refused", (name) => {
  expect(nameProblem(name, RULE)).toBeUndefined();
});

test.each([
  ["a b", "Use only letters"],
  ["..", "Use only letters"],
  ["é", "Use only letters"],
  ["elevencharss", "has 12 characters; at most 10"],
])("the name %j is refused", (name, reason) => {
  expect(nameProblem(name, RULE)).toContain(reason);
});
