import { expect, test } from "vitest";

import { dropOf, slotAt } from "./slots.ts";

const MIDDLES = [50, 150, 250];

test("an item lands behind the items whose middles are above the pointer", () => {
  const slots = (from: number) => [0, 60, 160, 260].map((y) => slotAt(y, MIDDLES, from));

  expect(slots(0)).toEqual([0, 0, 1, 2]);
  expect(slots(1)).toEqual([0, 1, 1, 2]);
  expect(slots(2)).toEqual([0, 1, 2, 2]);
});

test("one item shows where the dragged item would land, unless its position stays", () => {
  const drops = (from: number, to: number) => MIDDLES.map((_, index) => dropOf(index, { from, to }, 3) ?? "");

  expect(drops(0, 0)).toEqual(["", "", ""]);
  expect(drops(0, 1)).toEqual(["", "", "before"]);
  expect(drops(0, 2)).toEqual(["", "", "after"]);
  expect(drops(2, 0)).toEqual(["before", "", ""]);
  expect(drops(2, 1)).toEqual(["", "before", ""]);
});
