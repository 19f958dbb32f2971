import { expect, test } from "vitest";

import { payloadProblem } from "./payload.ts";

test.each([
  ["string", "a"],
  ["csv", "a,b"],
  ["number", "-1.5e3"],
  ["json", '{"a": [1]}'],
])("the payload of type %s can be %s", (type, value) => {
  expect(payloadProblem({ type, value })).toBeUndefined();
});

test.each([
  ["string", "", "Enter a value"],
  ["number", "1,5", "not a number"],
  ["json", "{a}", "not JSON"],
])("the payload of type %s cannot be %j", (type, value, problem) => {
  expect(payloadProblem({ type, value })).toContain(problem);
});
