import { expect, test } from "vitest";

import { bulkAction } from "./bulk.ts";

test.each([
  ["on:production", { toggleSetEnabled: { name: "a", environment: "production", enabled: true } }],
  ["off:production", { toggleSetEnabled: { name: "a", environment: "production", enabled: false } }],
  ["stale", { toggleUpdate: { name: "a", stale: true } }],
  ["fresh", { toggleUpdate: { name: "a", stale: false } }],
  ["tag:web", { toggleTags: { name: "a", add: [{ type: "simple", value: "web" }] } }],
  ["untag:team:web", { toggleTags: { name: "a", remove: [{ type: "team", value: "web" }] } }],
  ["archive", { toggleArchive: { name: "a" } }],
  ["revive", { toggleRevive: { name: "a" } }],
])("the address %s names a change", (text, change) => {
  expect(bulkAction(text)?.changeOf("a")).toEqual(change);
});

test("an unknown action is none", () => {
  expect(bulkAction("delete")).toBeUndefined();
  expect(bulkAction("")).toBeUndefined();
});
