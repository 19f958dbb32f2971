import { expect, test } from "vitest";

import { exportVariables, importInput, sizeProblem, sizeWords } from "./transfer.ts";
import type { ExportChoice } from "./transfer.ts";

const ALL: ExportChoice = { search: " ", environments: [], hasToggles: true, hasStrategies: true, format: "YAML" };
const FILE = { name: "state.json", content: "{}", size: 2 };

test("by default an export has everything", () => {
  expect(exportVariables(ALL)).toEqual({ filter: null, environments: null, toggles: true, strategies: true, format: "YAML" });
});

test("an export has the toggles that a search finds, in the chosen environments", () => {
  const { filter, environments } = exportVariables({ ...ALL, search: "type:release", environments: ["production"] });

  expect(filter).toMatchObject({ types: ["release"] });
  expect(environments).toEqual(["production"]);
});

test("an import leaves out what is not chosen", () => {
  const choice = { file: FILE, mode: "MERGE" as const, project: "", environment: "" };

  expect(importInput(choice)).toEqual({ source: { content: "{}" }, mode: "MERGE" });
  expect(importInput({ ...choice, project: "shop", environment: "test" })).toMatchObject({ project: "shop", environment: "test" });
});

test("an import takes the segments of a batch export from another file", () => {
  const segments = { name: "features.json", content: "[]", size: 2 };

  expect(importInput({ file: FILE, segments, mode: "MERGE", project: "", environment: "" })).toEqual({
    source: { content: "{}" },
    segments: { content: "[]" },
    mode: "MERGE",
  });
});

test.each([
  [999, "999 bytes"],
  [1_500, "1.5 KB"],
  [20_000, "20 KB"],
  [5_242_880, "5.2 MB"],
])("%d bytes are %s", (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words);
});

test("a file that is empty or too large is refused with a reason", () => {
  expect(sizeProblem(FILE, 2)).toBeUndefined();
  expect(sizeProblem({ name: "a", size: 0 }, 2)).toBe("a is empty.");
  expect(sizeProblem({ name: "a", size: 30_000 }, 10_000)).toBe("a has 30 KB; the server accepts at most 10 KB.");
});
