import { expect, test } from "vitest";

import { audienceOf } from "./audience.ts";

const strategy = (summary: string, disabled = false) => ({ id: summary, disabled, summary });

const WORDS: readonly [string, string][] = [
  ["Matches everybody.", "everybody"],
  ["Matches 5 % of everybody, kept stable by user or session.", "5 %"],
  ["Matches 20 % of everybody, kept stable by userId, if country is DE.", "20 % if country is DE"],
  ["Matches 20 % of all users, kept stable by userId, within the segment beta.", "20 % within the segment beta"],
  ["Matches 2.5 % of all requests, picked at random.", "2.5 %"],
  ["Matches the users ines and mira.", "the users ines and mira"],
  ["Matches everybody if country is DE.", "if country is DE"],
  ["Matches everybody within the segments a and b.", "within the segments a and b"],
];

test.each(WORDS)("%s", (summary, words) => {
  expect(audienceOf([strategy(summary)]).words).toBe(words);
});

test("without strategies, everybody gets a toggle", () => {
  expect(audienceOf([])).toMatchObject({ words: "everybody", isEverybody: true });
});

test("if all strategies are disabled, nobody gets a toggle", () => {
  expect(audienceOf([strategy("Is skipped.", true)])).toMatchObject({ words: "nobody", isEverybody: false });
});

test("several strategies are counted, unless one of them matches everybody", () => {
  const share = strategy("Matches 5 % of everybody, kept stable by userId.");

  expect(audienceOf([share, share]).words).toBe("2 strategies");
  expect(audienceOf([share, strategy("Matches everybody.")]).isEverybody).toBe(true);
  expect(audienceOf([share, strategy("Matches everybody.", true)]).words).toBe("5 %");
});
