import { expect, test } from "vitest";

import { commonPath, displayPath, displayValue, visibleDifferences } from "./difference.ts";
import { sinceWords, spanWords } from "./since.ts";

test.each([
  [["/environments/production/strategies/1/name", "/environments/production/strategies/1/parameters/rollout"], "/environments/production/strategies/1"],
  [["/description", "/project"], ""],
  [["/a/name", "/ab/name"], ""],
  [["/a/b", "/a/b/c"], "/a"],
])("the fields %j have the path %j in common", (paths, expected) => {
  expect(commonPath(paths.map((path) => ({ path, before: null, after: 1 })))).toBe(expected);
});

test("a JSON Pointer is shown as words that count from one", () => {
  expect(displayPath("/strategies/1/parameters/rollout")).toBe("strategies › 2 › parameters › rollout");
  expect(displayPath("/a~1b/~01")).toBe("a/b › ~1");
});

test.each([
  [null, "nothing"],
  ["", "nothing"],
  [false, "no"],
  [0, "0"],
  ["<b>", "<b>"],
  ["2026-11-30T07:04:12.190152Z", "2026-11-30 07:04:12 UTC"],
  [{ a: 1 }, '{\n  "a": 1\n}'],
  [[], "nothing"],
  [["DE", "AT"], "DE, AT"],
])("%j is shown as %s", (value, text) => {
  expect(displayValue(value)).toBe(text);
});

test.each([
  [0, "just now"],
  [59_999, "just now"],
  [60_000, "1m ago"],
  [3_599_999, "59m ago"],
  [86_400_000 * 45, "1mo ago"],
  [-30_000, "just now"],
  [-7_200_000, "in 2h"],
])("%d milliseconds are %s", (span, words) => {
  expect(sinceWords(span)).toBe(words);
});

test.each([
  [59_999, "less than 1m"],
  [60_000, "1m"],
  [86_400_000 * 20, "20d"],
])("%d milliseconds last %s", (span, words) => {
  expect(spanWords(span)).toBe(words);
});

test("a new object is divided into the fields that people can set", () => {
  const strategy = { id: "5f", toggleId: "7a", environment: "live", sortOrder: 0, name: "default", segments: [] };
  const configuration = { revision: 16, toggleId: "7a", enabled: false, strategies: [{ ...strategy, parameters: { id: "1" } }] };

  expect(visibleDifferences([{ path: "/environments/id", before: null, after: configuration }])).toEqual([
    { path: "/environments/id/enabled", before: null, after: false },
    { path: "/environments/id/strategies/0/name", before: null, after: "default" },
    { path: "/environments/id/strategies/0/parameters/id", before: null, after: "1" },
  ]);
});

test("changed objects keep the fields that differ, and the order of environments is a field", () => {
  const before = [{ name: "a", weight: 500 }];
  const after = [{ name: "a", weight: 1000 }];

  expect(visibleDifferences([{ path: "/variants", before, after }, { path: "/sortOrder", before: 1, after: 2 }])).toEqual([
    { path: "/variants/0/weight", before: 500, after: 1000 },
    { path: "/sortOrder", before: 1, after: 2 },
  ]);
});
