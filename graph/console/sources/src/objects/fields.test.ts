import { expect, test } from "vitest";

import { changedFields, rulesOf, wordsOf } from "./fields.ts";
import type { Fields, ObjectDraft } from "./fields.ts";

interface Draft extends ObjectDraft {
  title: string;
  values: readonly string[];
}

const FIELDS: Fields<Draft> = {
  title: { title: "Title", words: (title) => title },
  values: { title: "Values", words: (values) => values.join(", ") },
};
const RULES = rulesOf("project", FIELDS, ({ name, revision }, { title }) => ({
  projectUpdate: { name, ...(title !== undefined && { title }), expectedRevision: revision },
}));
const BASE: Draft = { name: "shop", revision: 3, title: "Shop", values: ["a"] };

test("only the fields that differ are saved, with the revision that the edit began with", () => {
  expect(changedFields(BASE, { ...BASE, revision: 9, values: ["a"], title: "Store" }, FIELDS)).toEqual({ title: "Store" });
  expect(RULES.changesOf(BASE, { ...BASE, title: "Store" })).toEqual([
    { projectUpdate: { name: "shop", title: "Store", expectedRevision: 3 } },
  ]);
  expect(RULES.changesOf(BASE, { ...BASE, revision: 9 })).toEqual([]);
});

test("changes of different fields are merged", () => {
  const theirs = { ...BASE, revision: 4, values: ["a", "b"] };

  const merge = RULES.catchUp({ base: BASE, theirs, mine: { ...BASE, title: "Store" } }, {});

  expect(merge).toEqual({ draft: { ...theirs, title: "Store" }, conflicts: [] });
});

test("a field that both sides changed needs a decision", () => {
  const drafts = { base: BASE, theirs: { ...BASE, revision: 4, title: "Market" }, mine: { ...BASE, title: "Store" } };

  const open = RULES.catchUp(drafts, {});
  const decided = RULES.catchUp(drafts, { "/title": "theirs" });

  expect(open?.conflicts).toMatchObject([
    { key: "/title", place: ["Title"], words: { base: "Shop", theirs: "Market", mine: "Store" } },
  ]);
  expect(open?.draft.title).toBe("Store");
  expect(decided?.draft).toEqual(drafts.theirs);
});

test("without a change by others there is nothing to merge", () => {
  expect(RULES.catchUp({ base: BASE, theirs: { ...BASE }, mine: { ...BASE, title: "Store" } }, {})).toBeUndefined();
});

test("each field is described in words", () => {
  expect(wordsOf(BASE, FIELDS)).toEqual([
    { title: "Title", words: "Shop" },
    { title: "Values", words: "a" },
  ]);
});
