import { expect, test } from "vitest";

import { appliedWords } from "./undo.ts";

const change = (subjectName: string, type = "TOGGLE_ENABLED") => ({ summary: `Changed '${subjectName}'.`, type, subjectName });

test.each([
  [[change("a")], "Changed 'a'."],
  [[change("a"), change("a", "TOGGLE_UPDATED")], "Applied 2 changes to a."],
  [[change("a"), change("b"), change("b")], "Applied 3 changes to 2 toggles."],
  [[change("a"), change("a", "SEGMENT_UPDATED")], "Applied 2 changes to 2 objects."],
])("a note names what was changed: %o", (changes, words) => {
  expect(appliedWords({ changes, changeCount: changes.length })).toBe(words);
});

test("a note has only the number of changes if the answer does not have all of them", () => {
  expect(appliedWords({ changes: [change("a")], changeCount: 5_000 })).toBe("Applied 5000 changes.");
});
