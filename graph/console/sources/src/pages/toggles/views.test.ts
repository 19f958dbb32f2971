import { expect, test } from "vitest";

import { readViews } from "./views.ts";

test("views from the storage are checked", () => {
  const view = { name: "Mine", search: "is:stale" };

  expect(readViews(JSON.stringify([view, { name: 1 }, null, "x"]))).toEqual([view]);
  expect(readViews("")).toEqual([]);
  expect(readViews('{"a": 1}')).toEqual([]);
});
