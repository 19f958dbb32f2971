import { expect, test } from "vitest";

import { filterOf } from "./filter.ts";
import { KINDS, parseTerms, printTerms } from "./terms.ts";
import type { Term } from "./terms.ts";

const filterFor = (text: string) => filterOf(parseTerms(text));

test("a search has words and terms, which a minus negates", () => {
  expect(parseTerms("new checkout is:stale -tag:team:web")).toEqual([
    { kind: "text", value: "new", isNegated: false },
    { kind: "text", value: "checkout", isNegated: false },
    { kind: "is", value: "stale", isNegated: false },
    { kind: "tag", value: "team:web", isNegated: true },
  ]);
});

test.each(["is:shiny", "colour:red", "unseen:soon", "unseen:0", "type:", "a:b:c", "https://example.com", "-", ":", "on:"])(
  "%s is a word",
  (text) => {
    expect(parseTerms(text).map(({ kind }) => kind)).toEqual(["text"]);
  },
);

test("quotation marks keep spaces, also without their end", () => {
  expect(parseTerms('app:"My Shop" "is:stale" "open').map(({ kind, value }) => [kind, value])).toEqual([
    ["app", "My Shop"],
    ["text", "is:stale"],
    ["text", "open"],
  ]);
});

test("printed terms are read back as they were", () => {
  const values = ["a", "stale", "live", "7", "two words", "team:web", "-a", "is:stale", "x:y", "-is:stale", "ü😀"];
  const terms: Term[] = [...KINDS, "text" as const].flatMap((kind) =>
    values.flatMap((value) => [true, false].map((isNegated) => ({ kind, value, isNegated }))),
  );
  const sensible = terms.filter((term) => parseTerms(printTerms([term]))[0]?.kind === term.kind);

  expect(sensible.length).toBeGreaterThan(120);
  expect(parseTerms(printTerms(sensible))).toEqual(sensible);
});

test("terms become a filter", () => {
  expect(filterFor("new checkout type:release type:experiment tag:a tag:team:b on:production unseen:30 stage:pre-live segment:de")).toEqual({
    search: "new checkout",
    types: ["release", "experiment"],
    allTags: [
      { type: "simple", value: "a" },
      { type: "team", value: "b" },
    ],
    enabledIn: ["production"],
    usage: { unseenForDays: 30 },
    lifecycle: ["PRE_LIVE"],
    segmentNames: ["de"],
  });
});

test("one negated term is what must not match", () => {
  expect(filterFor("-type:release")).toEqual({ not: { archived: null, types: ["release"] } });
});

test("of several negated terms none may match", () => {
  expect(filterFor("is:archived -type:release -old")).toEqual({
    archived: true,
    not: {
      archived: null,
      or: [
        { archived: null, types: ["release"] },
        { archived: null, search: "old" },
      ],
    },
  });
});

test("a toggle must be on in all environments named", () => {
  expect(filterFor("on:a on:b")).toEqual({
    enabledIn: ["a"],
    not: { archived: null, not: { archived: null, enabledIn: ["b"] } },
  });
});
