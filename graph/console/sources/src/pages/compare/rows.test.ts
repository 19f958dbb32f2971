import { expect, test } from "vitest";

import { pairsOf } from "./pairs.ts";
import { groupsOf } from "./rows.ts";
import type { EnvironmentDraft, StrategyDraft } from "../../edits/draft.ts";
import { randomDraft, randomFrom } from "../../edits/samples.ts";
import { NO_NAMES } from "../../edits/words.ts";
import { differs } from "../../parts/SideBySide.tsx";

function differing(left: EnvironmentDraft, right: EnvironmentDraft) {
  return groupsOf(left, right, NO_NAMES).flatMap(({ rows }) => rows).filter(differs);
}

function strategy(id: string, name: string, title = ""): StrategyDraft {
  return { id, name, title, disabled: false, parameters: {}, constraints: [], segments: [], variants: [] };
}

test("a configuration does not differ from itself", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const [environment] = randomDraft(randomFrom(seed)).environments as [EnvironmentDraft];
    expect(differing(environment, environment)).toEqual([]);
  }
});

test("taking a row makes the sides equal in this row, and all rows together make the sides equal", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const [left, right] = randomDraft(randomFrom(seed)).environments as [EnvironmentDraft, EnvironmentDraft];
    let target = right;
    let rows = differing(left, target);
    for (let step = 0; rows.length > 0 && step < 100; step += 1) {
      const [row] = rows as [(typeof rows)[number]];
      target = row.take(left, target);
      const next = differing(left, target);
      expect(next[0]).not.toMatchObject({ key: row.key, title: row.title, right: row.right });
      rows = next;
    }
    expect(rows).toEqual([]);
    expect(target.revision).toBe(right.revision);
  }
});

test("strategies with the same title correspond before those with only the same name", () => {
  const left = [strategy("1", "default"), strategy("2", "default", "Staff")];
  const right = [strategy("3", "default", "Staff"), strategy("4", "default", "Beta"), strategy("5", "userWithId")];

  expect(pairsOf(left, right).map((pair) => [pair.left?.id, pair.right?.id])).toEqual([
    ["1", "4"],
    ["2", "3"],
    [undefined, "5"],
  ]);
});

test("groups have the titles of definitions, and the titles of strategies if there are any", () => {
  const titles = new Map([["userWithId", "Users by ID"]]);
  const side = (...strategies: StrategyDraft[]): EnvironmentDraft => ({
    environment: "test",
    revision: 1,
    enabled: true,
    strategies,
    variants: [],
  });
  const left = side(strategy("1", "userWithId"), strategy("2", "userWithId", "Staff"), strategy("3", "own"));

  expect(groupsOf(left, side(), { ...NO_NAMES, titles }).map(({ title }) => title)).toEqual([
    "Environment",
    "Strategy 1: Users by ID",
    "Strategy 2: Users by ID “Staff”",
    "Strategy 3: own",
  ]);
});
