import { expect, test } from "vitest";

import { placeInChanges, placeInFile } from "./problemPlace.ts";

test("the place of an error in a change is the field of its input", () => {
  expect(placeInChanges(["changes", "0", "segmentCreate", "constraints", "0", "values"])).toBe("constraints › 1 › values");
  expect(placeInChanges(["changes", "0", "toggleArchive"])).toBe("");
  expect(placeInChanges([])).toBe("");
});

test("the place of an error in an import is the entry of the file", () => {
  expect(placeInFile(["source", "content", "features", "0", "a/b"])).toBe("features.0.a/b");
  expect(placeInFile(["source", "content"])).toBe("");
});
