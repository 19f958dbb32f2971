import { expect, test } from "vitest";

import { applyWords } from "./applyWords.ts";
import type { EventType } from "../gql/edits.ts";

const all = (changes: readonly { type: EventType; subjectName: string }[]) => ({ changes, changeCount: changes.length });
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
  expect(applyWords("now", all(changes))).toBe(words);
});

test("scheduled changes and steps are counted", () => {
  expect(applyWords("time", all([archived("a")]))).toBe("Schedule");
  expect(applyWords("time", all([archived("a"), archived("b")]))).toBe("Schedule 2 changes");
  expect(applyWords("steps", all([updated("a"), updated("a")]))).toBe("Schedule 2 steps");
});

test("the button counts changes if the page does not have all of them", () => {
  expect(applyWords("now", { changes: [archived("a")], changeCount: 150 })).toBe("Apply 150 changes");
});
