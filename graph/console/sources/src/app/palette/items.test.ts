import { expect, test } from "vitest";

import { keyWords, matching, searchOf } from "./items.ts";
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

test("keys are written as people know them", () => {
  expect(["Control+Enter", "Escape", "n"].map(keyWords)).toEqual(["Ctrl Enter", "Esc", "n"]);
});
