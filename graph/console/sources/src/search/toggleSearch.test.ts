import { expect, test } from "vitest";

import { parseTerms } from "./terms.ts";
import { tagSearch, toggleSearch } from "./toggleSearch.ts";

const termsAt = (address: string) =>
  parseTerms(new URLSearchParams(address.split("?")[1]).get("q") ?? "").map(({ kind, value }) => [kind, value]);

test("the address of a search has all terms, also with spaces", () => {
  expect(termsAt(toggleSearch({ kind: "strategy", value: "a b" }, { kind: "app", value: "web&" }))).toEqual([
    ["strategy", "a b"],
    ["app", "web&"],
  ]);
});

test.each([
  ["simple", "web", "web"],
  ["simple", "a:b", "simple:a:b"],
  ["team", "the web", "team:the web"],
])("the tag %s:%s is searched as %s", (type, value, term) => {
  expect(termsAt(tagSearch(type, value))).toEqual([["tag", term]]);
});
