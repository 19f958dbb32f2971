import { describe, expect, test } from "vitest";

import { changesOf } from "./changes.ts";
import { isEqual } from "./draft.ts";
import type { ConstraintDraft, StrategyDraft, ToggleDraft } from "./draft.ts";
import { merge } from "./merge.ts";
import { fieldsOf, isCovered } from "./sampleFields.ts";
import { applied, randomDraft, randomFrom, randomlyEdited } from "./samples.ts";
import { SIDES } from "./threeWay.ts";

const ROUNDS = 100;

/** Call a function with random edits of the same draft. The server has given IDs to new strategies of `theirs`. */
function forRandomEdits(run: (base: ToggleDraft, theirs: ToggleDraft, mine: ToggleDraft) => void) {
  for (let seed = 1; seed <= ROUNDS; seed += 1) {
    const random = randomFrom(seed);
    const base = randomDraft(random);
    const theirs = saved(randomlyEdited(random, base));
    run(base, { ...theirs, revision: 20 }, randomlyEdited(random, base));
  }
}

function saved(draft: ToggleDraft): ToggleDraft {
  const environments = draft.environments.map((configuration) => ({
    ...configuration,
    revision: configuration.revision + 10,
    strategies: configuration.strategies.map((strategy) => ({ ...strategy, id: strategy.id.replace("new:", "theirs ") })),
  }));
  return { ...draft, environments };
}

/** A draft with one strategy, for examples. */
function example(fields: Partial<StrategyDraft> = {}, others: Partial<ToggleDraft> = {}): ToggleDraft {
  const strategy: StrategyDraft = {
    id: "s1",
    name: "flexibleRollout",
    title: "",
    disabled: false,
    parameters: { rollout: "5" },
    constraints: [],
    segments: [],
    variants: [],
    ...fields,
  };
  return {
    name: "checkout",
    revision: 1,
    description: "",
    type: "release",
    project: "default",
    impressionData: false,
    stale: false,
    tags: [],
    dependencies: [],
    environments: [{ environment: "production", revision: 1, enabled: false, strategies: [strategy], variants: [] }],
    ...others,
  };
}

function withoutStrategy(draft: ToggleDraft): ToggleDraft {
  return { ...draft, environments: draft.environments.map((each) => ({ ...each, strategies: [] })) };
}

function isOneOf(...values: string[]): ConstraintDraft {
  return { contextName: "country", operator: "IN", values, caseInsensitive: false, inverted: false };
}

describe("for random edits", () => {
  test("without changes of others, the merge is my draft", () => {
    forRandomEdits((base, _theirs, mine) => {
      const { draft, conflicts } = merge({ base, theirs: base, mine });

      expect(conflicts).toEqual([]);
      expect(isEqual(draft, mine)).toBe(true);
    });
  });

  test("without edits of mine, the merge is the draft of the others", () => {
    forRandomEdits((base, theirs) => {
      const { draft, conflicts } = merge({ base, theirs, mine: base });

      expect(conflicts).toEqual([]);
      expect(isEqual(draft, theirs)).toBe(true);
    });
  });

  test("edits of both sides that are equal do not conflict", () => {
    forRandomEdits((base, theirs) => {
      expect(merge({ base, theirs, mine: theirs })).toEqual({ draft: theirs, conflicts: [] });
    });
  });

  test("no edit of either side vanishes without a conflict", () => {
    forRandomEdits((base, theirs, mine) => {
      const { draft, conflicts } = merge({ base, theirs, mine });
      const [before, after] = [fieldsOf(base), fieldsOf(draft)];
      for (const side of [fieldsOf(theirs), fieldsOf(mine)]) {
        const lost = [...new Set([...before.keys(), ...side.keys()])].filter(
          (key) =>
            !isEqual(before.get(key), side.get(key)) &&
            !isEqual(side.get(key), after.get(key)) &&
            !isCovered(key, conflicts.map((conflict) => conflict.key)),
        );
        expect(lost).toEqual([]);
      }
    });
  });

  test("the merge of edits without conflicts does not depend on the roles", () => {
    let count = 0;
    forRandomEdits((base, theirs, mine) => {
      const one = merge({ base, theirs, mine });
      const other = merge({ base, theirs: mine, mine: theirs });
      expect(other.conflicts.map(({ key }) => key).toSorted()).toEqual(one.conflicts.map(({ key }) => key).toSorted());
      if (one.conflicts.length > 0) return;
      count += 1;
      expect(isEqual(canonical(one.draft), canonical(other.draft))).toBe(true);
    });
    expect(count).toBeGreaterThan(0);
  });

  test("edits of different parts merge without conflicts, in either role", () => {
    forRandomEdits((base, theirs, mine) => {
      const [development] = theirs.environments;
      const [, production] = mine.environments;
      const ofTheirs = { ...theirs, environments: base.environments.map((each, index) => (index === 0 ? (development ?? each) : each)) };
      const ofMine = { ...base, environments: base.environments.map((each, index) => (index === 1 ? (production ?? each) : each)) };
      const one = merge({ base, theirs: ofTheirs, mine: ofMine });
      const other = merge({ base, theirs: ofMine, mine: ofTheirs });

      expect([one.conflicts, other.conflicts]).toEqual([[], []]);
      expect(isEqual(canonical(one.draft), canonical(other.draft))).toBe(true);
      expect(isEqual(canonical(one.draft), canonical({ ...theirs, environments: [development, production] as ToggleDraft["environments"] }))).toBe(true);
    });
  });

  test("with a choice of one side for each conflict, the conflicting fields have the values of this side", () => {
    forRandomEdits((base, theirs, mine) => {
      const { conflicts } = merge({ base, theirs, mine });
      const choices = Object.fromEntries(conflicts.map(({ key }) => [key, "theirs"] as const));
      const { draft } = merge({ base, theirs, mine }, choices);
      const [after, wanted] = [fieldsOf(draft), fieldsOf(theirs)];
      for (const { key } of conflicts) {
        if (wanted.has(key)) expect(after.get(key)).toEqual(wanted.get(key));
      }
    });
  });

  test("the server can apply the merge to the state of the others", () => {
    forRandomEdits((base, theirs, mine) => {
      const { draft } = merge({ base, theirs, mine });
      const after = applied(theirs, changesOf(theirs, draft));

      expect(changesOf(draft, { ...after, environments: renamed(after, draft) })).toEqual([]);
    });
  });
});

/** Remove what has no meaning: revisions, and the order of sets. */
function canonical(draft: ToggleDraft): unknown {
  const sorted = <Item>(items: readonly Item[]) =>
    items.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  return {
    ...draft,
    revision: 0,
    tags: sorted(draft.tags),
    dependencies: sorted(draft.dependencies),
    environments: draft.environments.map((configuration) => ({
      ...configuration,
      revision: 0,
      strategies: configuration.strategies.map((strategy) => ({
        ...strategy,
        segments: sorted(strategy.segments),
        constraints: sorted(strategy.constraints),
      })),
    })),
  };
}

/** The environments of `after`, in which added strategies have the IDs of `draft`. */
function renamed(after: ToggleDraft, draft: ToggleDraft): ToggleDraft["environments"] {
  return after.environments.map((configuration, index) => ({
    ...configuration,
    strategies: configuration.strategies.map((strategy, position) => ({
      ...strategy,
      id: draft.environments[index]?.strategies[position]?.id ?? strategy.id,
    })),
  }));
}

describe("for one strategy", () => {
  test("edits of different fields join", () => {
    const theirs = example({ title: "Staff" }, { revision: 2 });
    const { draft, conflicts } = merge({ base: example(), theirs, mine: example({ parameters: { rollout: "50" } }) });

    expect(conflicts).toEqual([]);
    expect(draft).toEqual(example({ title: "Staff", parameters: { rollout: "50" } }, { revision: 2 }));
  });

  test.each(SIDES)("different values of one field conflict, and the side %s can be chosen", (side) => {
    const drafts = {
      base: example(),
      theirs: example({ parameters: { rollout: "10" } }),
      mine: example({ parameters: { rollout: "50" } }),
    };
    const [conflict] = merge(drafts).conflicts;

    expect(conflict).toMatchObject({
      place: ["production", "flexibleRollout", "rollout"],
      words: { base: "5", theirs: "10", mine: "50" },
    });
    expect(merge(drafts, { [conflict?.key ?? ""]: side }).draft).toEqual(drafts[side]);
  });

  test("a removal conflicts with an edit, and the strategy can be added again", () => {
    const drafts = { base: example(), theirs: withoutStrategy(example()), mine: example({ title: "Staff" }) };
    const { conflicts, draft } = merge(drafts);

    expect(conflicts.map(({ words }) => words)).toEqual([
      { base: "flexibleRollout\nrollout: 5", theirs: undefined, mine: "flexibleRollout “Staff”\nrollout: 5" },
    ]);
    expect(draft).toEqual(drafts.mine);
    expect(changesOf(drafts.theirs, draft)).toMatchObject([{ toggleStrategyAdd: { strategy: { title: "Staff" } } }]);
    expect(merge(drafts, { [conflicts[0]?.key ?? ""]: "theirs" }).draft).toEqual(drafts.theirs);
  });

  test("other values of the same constraint conflict, and other constraints join", () => {
    const base = example({ constraints: [isOneOf("DE")] });
    const theirs = example({ constraints: [isOneOf("DE", "AT")] });
    const field = { ...isOneOf("42"), contextName: "userId" };

    expect(merge({ base, theirs, mine: example({ constraints: [isOneOf("DE", "FR")] }) }).conflicts).toHaveLength(1);
    const { draft, conflicts } = merge({ base, theirs, mine: example({ constraints: [isOneOf("DE"), field] }) });
    expect(conflicts).toEqual([]);
    expect(draft).toEqual(example({ constraints: [isOneOf("DE", "AT"), field] }));
  });

  test("edits of an environment that no longer exists can only be dropped", () => {
    const theirs = example({}, { environments: [] });
    const { conflicts } = merge({ base: example(), theirs, mine: example({ title: "Staff" }) });

    expect(conflicts.map(({ options, place }) => ({ options, place }))).toEqual([
      { options: ["theirs"], place: ["production"] },
    ]);
  });
});

describe("for the order of strategies", () => {
  const strategies = ["a", "b", "c"].map((id): StrategyDraft => ({ ...(example().environments[0]?.strategies[0] as StrategyDraft), id, name: id }));
  const ordered = (ids: string) => {
    const list = [...ids].map((id) => strategies.find((strategy) => strategy.id === id) ?? { ...(strategies[0] as StrategyDraft), id, name: id });
    return example({}, { environments: [{ environment: "production", revision: 1, enabled: true, strategies: list, variants: [] }] });
  };
  const idsOf = ({ environments }: ToggleDraft) => environments[0]?.strategies.map(({ id }) => id).join("");

  test.each([
    ["abc", "abc", "cab", "cab"],
    ["abc", "bac", "abc", "bac"],
    ["abc", "axbc", "abcy", "axbcy"],
    ["abc", "xabc", "abyc", "xabyc"],
    ["abc", "ac", "abyc", "ayc"],
    ["abc", "cba", "axbc", "cbax"],
    ["abc", "abxc", "abyc", "abxyc"],
    ["abc", "cab", "cab", "cab"],
  ])("from %s, %s and %s become %s", (base, theirs, mine, merged) => {
    const { draft, conflicts } = merge({ base: ordered(base), theirs: ordered(theirs), mine: ordered(mine) });

    expect(conflicts).toEqual([]);
    expect(idsOf(draft)).toBe(merged);
  });

  test("two different orders conflict", () => {
    const drafts = { base: ordered("abc"), theirs: ordered("bac"), mine: ordered("acb") };
    const { conflicts } = merge(drafts);

    expect(conflicts.map(({ place, words }) => ({ place, words }))).toEqual([
      { place: ["production", "Order"], words: { base: "a, b, c", theirs: "b, a, c", mine: "a, c, b" } },
    ]);
    for (const side of SIDES) expect(merge(drafts, { [conflicts[0]?.key ?? ""]: side }).draft).toEqual(drafts[side]);
  });
});
