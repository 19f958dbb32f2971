// Random edits that the server accepts, for tests with a real server.
import { newId } from "./draft.ts";
import type { EnvironmentDraft, StrategyDraft, ToggleDraft } from "./draft.ts";
import type { Random } from "./samples.ts";

type Edit<Value> = (random: Random, value: Value, word: string) => Value;

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

const TOGGLE_EDITS: readonly Edit<ToggleDraft>[] = [
  (_random, draft, word) => ({ ...draft, description: word }),
  (_random, draft) => ({ ...draft, stale: !draft.stale }),
  (_random, draft) => ({ ...draft, impressionData: !draft.impressionData }),
  (random, draft) => ({ ...draft, type: pick(random, ["release", "experiment", "operational"]) }),
  (_random, draft, word) => ({ ...draft, tags: [...draft.tags, { type: "simple", value: word }] }),
  (random, draft) => ({ ...draft, tags: draft.tags.filter(() => random() < 0.5) }),
];

const ENVIRONMENT_EDITS: readonly Edit<EnvironmentDraft>[] = [
  (_random, draft) => ({ ...draft, enabled: !draft.enabled }),
  (random, draft, word) => addStrategy(draft, word, Math.floor(random() * (draft.strategies.length + 1))),
  (random, draft) => ({ ...draft, strategies: draft.strategies.filter(() => random() < 0.6) }),
  (random, draft) => ({ ...draft, strategies: draft.strategies.toSorted(() => random() - 0.5) }),
  (_random, draft, word) => ({ ...draft, variants: [...draft.variants, variant(word)] }),
  (random, draft) => ({ ...draft, variants: draft.variants.filter(() => random() < 0.5) }),
  (random, draft, word) => ({
    ...draft,
    variants: draft.variants.map((each) => (random() < 0.5 ? { ...each, payload: { type: "string", value: word } } : each)),
  }),
  editStrategy,
  editStrategy,
  editStrategy,
];

const STRATEGY_EDITS: readonly Edit<StrategyDraft>[] = [
  (_random, strategy, word) => ({ ...strategy, title: word }),
  (_random, strategy) => ({ ...strategy, disabled: !strategy.disabled }),
  (random, strategy) => ({
    ...strategy,
    parameters: { ...strategy.parameters, rollout: String(Math.floor(random() * 101)) },
  }),
  (_random, strategy, word) => ({ ...strategy, parameters: { ...strategy.parameters, groupId: word } }),
  (random, strategy, word) => ({
    ...strategy,
    constraints: [
      ...strategy.constraints.filter(() => random() < 0.5),
      { contextName: pick(random, ["userId", "appName"]), operator: "IN", values: [word], caseInsensitive: false, inverted: false },
    ],
  }),
];

function addStrategy(draft: EnvironmentDraft, title: string, position: number): EnvironmentDraft {
  const added = {
    id: newId(draft.strategies),
    name: "flexibleRollout",
    title,
    disabled: false,
    parameters: { rollout: "50", stickiness: "default", groupId: "g" },
    constraints: [],
    segments: [],
    variants: [],
  };
  return { ...draft, strategies: draft.strategies.toSpliced(position, 0, added) };
}

function editStrategy(random: Random, draft: EnvironmentDraft, word: string): EnvironmentDraft {
  const edited = pick(random, draft.strategies);
  if (!edited) return draft;
  const strategies = draft.strategies.map((strategy) =>
    strategy === edited ? pick(random, STRATEGY_EDITS)(random, strategy, word) : strategy,
  );
  return { ...draft, strategies };
}

function variant(name: string) {
  return { name, weightType: "VARIABLE" as const, weight: null, stickiness: "default", payload: null, overrides: [] };
}

/** Return the draft after one to four random edits. `word` is a text that nobody has used before. */
export function validlyEdited(random: Random, before: ToggleDraft, word: string): ToggleDraft {
  let draft = before;
  const count = 1 + Math.floor(random() * 4);
  for (let number = 1; number <= count; number += 1) {
    const text = `${word}-${number}`;
    if (random() < 0.3) {
      draft = pick(random, TOGGLE_EDITS)(random, draft, text);
      continue;
    }
    const chosen = pick(random, draft.environments);
    const edited = pick(random, ENVIRONMENT_EDITS)(random, chosen, text);
    draft = { ...draft, environments: draft.environments.map((each) => (each === chosen ? edited : each)) };
  }
  return draft;
}
