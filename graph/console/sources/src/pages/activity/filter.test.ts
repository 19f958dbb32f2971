import { expect, test } from "vitest";

import { chipsOf, filterIn, isNarrowed, without, withValue } from "./filter.ts";
import { TYPE_GROUPS } from "../../app/eventTypes.ts";

function addressOf(query: string) {
  const params = new URLSearchParams(query);
  return { one: (name: string) => params.get(name) ?? "", all: (name: string) => params.getAll(name) };
}

test("an address without parameters finds all events that do not repeat others", () => {
  expect(filterIn(addressOf(""))).toEqual({ exceptTypes: ["CHANGE_SET_APPLIED"] });
  expect(filterIn(addressOf("type=change-set-applied"))).toEqual({ types: ["CHANGE_SET_APPLIED"] });
  expect(isNarrowed(addressOf(""))).toBe(false);
  expect(isNarrowed(addressOf("env=production"))).toBe(true);
  expect(chipsOf(addressOf(""))).toEqual([]);
});

test("parameters become a filter", () => {
  const address = addressOf("q= dark &type=toggle-archived&type=api-token-revoked&env=production&actor=ci&from=2026-11-30T09:00:00Z");

  expect(filterIn(address)).toEqual({
    search: "dark",
    types: ["TOGGLE_ARCHIVED", "API_TOKEN_REVOKED"],
    environments: ["production"],
    actors: ["ci"],
    createdAt: { from: "2026-11-30T09:00:00Z", to: null },
  });
  expect(chipsOf(address).map(({ kind, text }) => `${kind} ${text}`).slice(0, 4)).toEqual([
    "type Toggle archived",
    "type API token revoked",
    "in production",
    "by ci",
  ]);
});

test("a value is added once and can be removed", () => {
  const address = addressOf("env=a&env=b&after=x");

  expect(withValue(address, "env", "a")["env"]).toEqual(["a", "b"]);
  expect(withValue(address, "env", "c")["env"]).toEqual(["a", "b", "c"]);
  const [first] = chipsOf(address);
  expect(first && without(address, first)).toEqual({ env: ["b"], after: null, before: null });
});

test("each type of event is in one group", () => {
  const values = TYPE_GROUPS.flatMap(({ options }) => options.map(({ value }) => value));

  expect(new Set(values).size).toBe(values.length);
  expect(values).toContain("toggle-type-updated");
  expect(values).toContain("state-imported");
});
