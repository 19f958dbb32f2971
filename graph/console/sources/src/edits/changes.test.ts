import { expect, test } from "vitest";

import { changesOf } from "./changes.ts";
import { isEqual } from "./draft.ts";
import type { ToggleDraft } from "./draft.ts";
import { placements } from "./placements.ts";
import { applied, randomDraft, randomFrom, randomlyEdited } from "./samples.ts";

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

// The server chooses the IDs of added strategies, and sorts tags.
function comparable(draft: ToggleDraft) {
  return {
    ...draft,
    tags: draft.tags.map(({ value }) => value).toSorted(),
    environments: draft.environments.map((configuration) => ({
      ...configuration,
      strategies: configuration.strategies.map((strategy) => ({
        ...strategy,
        id: /^(new:|added )/.test(strategy.id) ? "added" : strategy.id,
      })),
    })),
  };
}

test.each(SEEDS)("applying the changes to a draft gives the edited draft (%i)", (seed) => {
  const random = randomFrom(seed);
  const before = randomDraft(random);
  const after = randomlyEdited(random, before);

  expect(comparable(applied(before, changesOf(before, after)))).toEqual(comparable(after));
});

test.each(SEEDS)("a draft without edits needs no changes (%i)", (seed) => {
  const before = randomDraft(randomFrom(seed));
  const copy: ToggleDraft = { ...structuredClone(before), revision: 99, tags: before.tags.toReversed() };

  expect(changesOf(before, copy)).toEqual([]);
});

test.each(SEEDS)("each change alone is needed (%i)", (seed) => {
  const random = randomFrom(seed);
  const before = randomDraft(random);
  const after = randomlyEdited(random, before);
  const changes = changesOf(before, after);

  for (const change of changes) {
    const others = changes.filter((other) => other !== change);
    const result = applied(before, others);
    expect(isEqual(comparable(result), comparable(after))).toBe(false);
  }
});

test("changes expect the revisions of the draft before the edits", () => {
  const before = randomDraft(randomFrom(1));
  const [first, second] = before.environments;
  const after: ToggleDraft = {
    ...before,
    description: "Another description",
    environments: before.environments.map((each) => ({ ...each, enabled: !each.enabled, revision: 99 })),
  };

  expect(changesOf(before, after)).toEqual([
    { toggleUpdate: { name: "toggle", description: "Another description", expectedRevision: 7 } },
    {
      toggleSetEnabled: {
        name: "toggle",
        environment: "development",
        enabled: !first?.enabled,
        expectedRevision: 5,
      },
    },
    {
      toggleSetEnabled: {
        name: "toggle",
        environment: "production",
        enabled: !second?.enabled,
        expectedRevision: 6,
      },
    },
  ]);
});

test.each([
  [["a", "b", "c"], ["b", "c", "a"], [["a", 2]]],
  [["a", "b", "c"], ["c", "a", "b"], [["c", 0]]],
  [["a", "b"], ["a", "b", "new"], []],
  [["a", "b"], ["new", "a", "b"], [["new", 0]]],
  [["a", "b", "c", "d"], ["d", "c", "b", "a"], [["c", 3], ["b", 3], ["a", 3]]],
])("to order %j as %j, %j are placed", (before, after, expected) => {
  expect([...placements(before, after)]).toEqual(expected);
});
