import { expect, test } from "vitest";

import { countWords } from "./countWords.ts";

test.each([
  [[0, 100, 5_000, 5_000], "Changes 1 to 100 of 5,000."],
  [[100, 20, 120, 120], "Changes 101 to 120 of 120."],
  [[0, 100, 300, 5_000], "Changes 1 to 100 of 300 that match."],
  [[0, 7, 7, 5_000], "7 of the 5,000 changes match."],
  [[0, 0, 0, 5_000], "None of the 5,000 changes matches."],
] as const)("the page %o is described", ([offset, shown, found, total], words) => {
  expect(countWords(offset, shown, found, total)).toBe(words);
});
