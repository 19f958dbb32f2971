import { expect, test } from "vitest";

import { applyWords } from "./applyWords.ts";

const archived = (subjectName: string) => ({ type: "TOGGLE_ARCHIVED" as const, subjectName });
const disabled = (subjectName: string) => ({ type: "TOGGLE_DISABLED" as const, subjectName });
const updated = (subjectName: string) => ({ type: "TOGGLE_UPDATED" as const, subjectName });

test.each([
  ["Archive 1 toggle", [archived("a")]],
  ["Archive 3 toggles", [archived("a"), archived("b"), archived("c")]],
  ["Switch off 1 toggle", [disabled("a"), disabled("a")]],
  ["Apply 2 changes", [archived("a"), disabled("b")]],
  ["Apply 2 changes", [updated("a"), updated("b")]],
  ["Apply", [updated("a")]],
  ["Apply", []],
  ["Delete", [{ type: "SEGMENT_DELETED" as const, subjectName: "a" }]],
])("the button says %s", (words, changes) => {
  expect(applyWords("now", changes)).toBe(words);
});

test("scheduled changes and steps are counted", () => {
  expect(applyWords("time", [archived("a")])).toBe("Schedule");
  expect(applyWords("time", [archived("a"), archived("b")])).toBe("Schedule 2 changes");
  expect(applyWords("steps", [updated("a"), updated("a")])).toBe("Schedule 2 steps");
});
