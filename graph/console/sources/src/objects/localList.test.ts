import { expect, test } from "vitest";

import { localList } from "./localList.ts";

const ITEMS = ["Ada", "ben", "bea", "Cleo", "dan"];
const page = (place: { q?: string; after?: string; before?: string }) =>
  localList(ITEMS, (item) => [item], { q: "", after: "", before: "", ...place }, 2);

test("the cursors lead through all pages and back", () => {
  const first = page({});
  const second = page({ after: first.pageInfo.endCursor ?? "" });
  const third = page({ after: second.pageInfo.endCursor ?? "" });
  const back = page({ before: third.pageInfo.startCursor ?? "" });

  expect([first, second, third].map(({ nodes }) => nodes)).toEqual([["Ada", "ben"], ["bea", "Cleo"], ["dan"]]);
  expect([first, second, third].map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual([false, true, true]);
  expect([first, second, third].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false]);
  expect(back).toEqual(second);
});

test("the search ignores case and counts what it finds", () => {
  expect(page({ q: " BE " })).toMatchObject({ totalCount: 2, nodes: ["ben", "bea"] });
});

test("a cursor that is no position shows the first page", () => {
  expect(page({ after: "nonsense" }).nodes).toEqual(["Ada", "ben"]);
});
