import { expect, test } from "vitest";

import { issueWords } from "./issues.ts";

const NONE = {
  unknownToggleCount: 0,
  archivedToggleCount: 0,
  unknownStrategyCount: 0,
  missingStrategyCount: 0,
  outdatedSdkCount: 0,
};

test("the problems of an application have a number for each kind", () => {
  expect(issueWords(NONE)).toEqual([]);
  expect(issueWords({ ...NONE, unknownToggleCount: 1, outdatedSdkCount: 2 })).toEqual(["1 undefined name", "2 old SDKs"]);
});
