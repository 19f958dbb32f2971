import { expect, test } from "vitest";

import { assumedWords, parseAssumed, withSwitch } from "./assumed.ts";

test("changes of an address are read", () => {
  const changes = [{ toggleArchive: { name: "a" } }];

  expect(parseAssumed(JSON.stringify(changes))).toEqual({ changes, problem: undefined });
  expect(parseAssumed("")).toEqual({ changes: [], problem: undefined });
});

test.each(["x", "{}", "[1]", "[null]", "[[]]", "[{}]", '[{"a": 1}]', '[{"a": {}, "b": {}}]'])(
  "%s is no list of changes",
  (text) => {
    expect(parseAssumed(text).changes).toEqual([]);
    expect(parseAssumed(text).problem).toContain("cannot be read");
  },
);

test("a later switch of a toggle replaces an earlier one in the same environment", () => {
  const first = withSwitch([{ toggleArchive: { name: "b" } }], "a", "production", true);
  const second = withSwitch(first, "a", "production", false);

  expect(second).toEqual([
    { toggleArchive: { name: "b" } },
    { toggleSetEnabled: { name: "a", environment: "production", enabled: false } },
  ]);
  expect(withSwitch(second, "a", "development", true)).toHaveLength(3);
});

test("an assumed change says what it does to which object", () => {
  const [change] = withSwitch([], "checkout", "production", true);

  expect(change && assumedWords(change)).toEqual({ kind: "switch", text: "checkout on in production" });
  expect(assumedWords({ toggleArchive: { name: "old" } })).toEqual({ kind: "toggle archive", text: "old" });
  expect(assumedWords({ segmentDelete: { id: "U2VnbWVudDox" } })).toEqual({ kind: "segment delete", text: "" });
});
