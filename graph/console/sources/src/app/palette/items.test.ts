import { expect, test } from "vitest";

import { keyWords, matching, searchOf, withActions } from "./items.ts";
import type { Item } from "./items.ts";

function items(group: string, ...titles: string[]): Item[] {
  return titles.map((title) => ({ id: title, group, title, run: () => undefined }));
}

test("all words must be in the title, in any order", () => {
  const found = matching(items("Pages", "Import and export", "Export", "Tokens"), "EXPORT imp");

  expect(found.map(({ title }) => title)).toEqual(["Import and export"]);
});

test("titles and words that begin with the text come first in their group", () => {
  const all = [...items("Actions", "Untag"), ...items("Pages", "Stages", "Open tags", "Tags and types")];

  expect(matching(all, "tag").map(({ title }) => title)).toEqual(["Untag", "Tags and types", "Open tags", "Stages"]);
});

test("a group has at most eight items", () => {
  expect(matching(items("Actions", ..."abcdefghij"), "")).toHaveLength(8);
});

test.each([
  [" check out ", "check out"],
  ["switch checkout", "checkout"],
  ["Switch new checkout off in production", "new checkout"],
  ["switch off checkout", "checkout"],
  ["archive checkout", "checkout"],
  ["archive", "archive"],
  ["switch on", ""],
])("the text %j searches toggles for %j", (text, search) => {
  expect(searchOf(text)).toBe(search);
});

test.each([
  ["checkout", ["checkout", "Switch checkout off in test…", "Switch checkout on in production…", "Archive checkout…"]],
  ["archive checkout", ["Archive checkout…", "Switch checkout off in test…", "Switch checkout on in production…", "checkout"]],
  [
    "switch checkout on in production",
    ["Switch checkout on in production…", "Switch checkout off in test…", "Archive checkout…", "checkout"],
  ],
])("the text %j puts what it asks for first", (text, titles) => {
  const actions = items("Do", "Switch checkout off in test…", "Switch checkout on in production…", "Archive checkout…");

  expect(withActions(text, items("Toggles", "checkout"), actions).map(({ title }) => title)).toEqual(titles);
});

test("keys are written as people know them", () => {
  expect(["Control+Enter", "Escape", "n"].map(keyWords)).toEqual(["Ctrl Enter", "Esc", "n"]);
});
