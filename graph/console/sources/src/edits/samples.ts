// Random drafts and the server's treatment of changes, for tests of properties.
import { newId } from "./draft.ts";
import type { ConstraintDraft, EnvironmentDraft, StrategyDraft, ToggleDraft, VariantDraft } from "./draft.ts";
import type { ChangeInput, ConstraintInput, ToggleStrategyInput, VariantInput } from "../gql/edits.ts";

export type Random = () => number;

/** Return a source of numbers from 0 to below 1, which repeats for the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

const WORDS = ["", "a", "b", "__proto__", "1", "ä <b>", "constructor"];
const NAMES = ["default", "flexibleRollout", "userWithId"];

function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

function some<Item>(random: Random, items: readonly Item[]): Item[] {
  return items.filter(() => random() < 0.5).toSorted(() => random() - 0.5);
}

function many<Item>(random: Random, most: number, make: () => Item): Item[] {
  return Array.from({ length: Math.floor(random() * (most + 1)) }, make);
}

function randomConstraint(random: Random): ConstraintDraft {
  return {
    contextName: oneOf(random, ["userId", "country"]),
    operator: oneOf(random, ["IN", "NOT_IN"]),
    values: some(random, WORDS),
    caseInsensitive: random() < 0.5,
    inverted: random() < 0.5,
  };
}

function randomVariants(random: Random): VariantDraft[] {
  return some(random, ["red", "green", "blue"]).map((name) => {
    const isFixed = random() < 0.3;
    return {
      name,
      weightType: isFixed ? "FIX" : "VARIABLE",
      weight: isFixed ? Math.floor(random() * 1001) : null,
      stickiness: oneOf(random, ["default", "random"]),
      payload: random() < 0.5 ? null : { type: oneOf(random, ["string", "json"]), value: oneOf(random, WORDS) },
      overrides: many(random, 1, () => ({ contextName: "userId", values: some(random, WORDS) })),
    };
  });
}

function randomSettings(random: Random): Omit<StrategyDraft, "id" | "name"> {
  return {
    title: oneOf(random, WORDS),
    disabled: random() < 0.5,
    parameters: Object.fromEntries(some(random, WORDS).map((name) => [name, oneOf(random, WORDS)])),
    constraints: many(random, 2, () => randomConstraint(random)),
    segments: some(random, ["segment 1", "segment 2"]),
    variants: randomVariants(random),
  };
}

function randomEnvironment(random: Random, environment: string, revision: number): EnvironmentDraft {
  const ids = many(random, 4, () => 0).map((_, index) => `${environment}/${index}`);
  return {
    environment,
    revision,
    enabled: random() < 0.5,
    strategies: ids.map((id) => ({ id, name: oneOf(random, NAMES), ...randomSettings(random) })),
    variants: randomVariants(random),
  };
}

export function randomDraft(random: Random): ToggleDraft {
  return {
    ...randomDetails(random),
    name: "toggle",
    revision: 7,
    environments: [randomEnvironment(random, "development", 5), randomEnvironment(random, "production", 6)],
  };
}

function randomDetails(random: Random): Omit<ToggleDraft, "name" | "revision" | "environments"> {
  return {
    description: oneOf(random, WORDS),
    type: oneOf(random, ["release", "experiment"]),
    project: oneOf(random, ["default", "shop"]),
    impressionData: random() < 0.5,
    stale: random() < 0.5,
    tags: some(random, WORDS.slice(1)).map((value) => ({ type: "simple", value })),
    dependencies: some(random, ["parent", "other"]).map((toggle) => ({
      toggle,
      enabled: random() < 0.5,
      variants: some(random, ["red", "green"]),
    })),
  };
}

/** Return the draft after random edits. Each part stays as it is in about half of the cases. */
export function randomlyEdited(random: Random, before: ToggleDraft): ToggleDraft {
  const details = random() < 0.5 ? {} : randomDetails(random);
  return {
    ...before,
    ...details,
    environments: before.environments.map((configuration) => {
      if (random() < 0.3) return configuration;
      const strategies = some(random, configuration.strategies).map((strategy) =>
        random() < 0.5 ? strategy : { ...strategy, ...randomSettings(random) },
      );
      for (const name of some(random, NAMES)) {
        const added = { id: newId(strategies), name, ...randomSettings(random) };
        strategies.splice(Math.floor(random() * (strategies.length + 1)), 0, added);
      }
      return {
        ...configuration,
        enabled: random() < 0.5,
        strategies,
        variants: random() < 0.5 ? configuration.variants : randomVariants(random),
      };
    }),
  };
}

/** Return the draft as the server changes it. Added strategies get the IDs `added 1`, `added 2`, … */
export function applied(before: ToggleDraft, changes: readonly ChangeInput[]): ToggleDraft {
  return changes.reduce(appliedOne, before);
}

function appliedOne(draft: ToggleDraft, change: ChangeInput): ToggleDraft {
  if (change.toggleUpdate) {
    const { name: _name, expectedRevision: _revision, ...fields } = change.toggleUpdate;
    return { ...draft, ...(fields as Partial<ToggleDraft>) };
  }
  if (change.toggleTags) {
    const { add = [], remove = [] } = change.toggleTags;
    const left = draft.tags.filter((tag) => !remove.some(({ value }) => value === tag.value));
    return { ...draft, tags: [...left, ...add.map(({ type = "simple", value }) => ({ type, value }))] };
  }
  if (change.toggleSetDependencies) {
    const { dependencies } = change.toggleSetDependencies;
    return {
      ...draft,
      dependencies: dependencies.map(({ toggle, enabled = true, variants = [] }) => ({ toggle, enabled, variants })),
    };
  }
  return { ...draft, environments: draft.environments.map((configuration) => configured(configuration, change)) };
}

function configured(before: EnvironmentDraft, change: ChangeInput): EnvironmentDraft {
  const { environment, strategies } = before;
  if (change.toggleSetEnabled?.environment === environment) {
    return { ...before, enabled: change.toggleSetEnabled.enabled };
  }
  if (change.toggleConfigure?.environment === environment) {
    return { ...before, variants: (change.toggleConfigure.variants ?? []).map(variantOf) };
  }
  if (change.toggleStrategyAdd?.environment === environment) {
    const { strategy, position } = change.toggleStrategyAdd;
    const number = strategies.filter(({ id }) => id.startsWith("added ")).length + 1;
    const added = strategyOf(`added ${number}`, strategy);
    return { ...before, strategies: strategies.toSpliced(position ?? strategies.length, 0, added) };
  }
  const removed = change.toggleStrategyRemove?.id;
  if (removed !== undefined) return { ...before, strategies: strategies.filter(({ id }) => id !== removed) };
  const update = change.toggleStrategyUpdate;
  const old = strategies.find(({ id }) => id === update?.id);
  if (!update || !old) return before;
  const input = { ...update, name: old.name } as ToggleStrategyInput;
  const { title, disabled, parameters, constraints, segments, variants } = strategyOf(old.id, input);
  const updated: StrategyDraft = {
    ...old,
    ...(update.title != null && { title }),
    ...(update.disabled != null && { disabled }),
    ...(update.parameters && { parameters }),
    ...(update.constraints && { constraints }),
    ...(update.segments && { segments }),
    ...(update.variants && { variants }),
  };
  const others = strategies.filter((strategy) => strategy !== old);
  return { ...before, strategies: others.toSpliced(update.position ?? strategies.indexOf(old), 0, updated) };
}

function strategyOf(id: string, input: ToggleStrategyInput): StrategyDraft {
  return {
    id,
    name: input.name,
    title: input.title ?? "",
    disabled: input.disabled ?? false,
    parameters: Object.fromEntries((input.parameters ?? []).map(({ name, value }) => [name, value])),
    constraints: (input.constraints ?? []).map(constraintOf),
    segments: (input.segments ?? []).map(String),
    variants: (input.variants ?? []).map(variantOf),
  };
}

function constraintOf(input: ConstraintInput): ConstraintDraft {
  const { contextName, operator, values = [], caseInsensitive = false, inverted = false } = input;
  return { contextName, operator, values, caseInsensitive, inverted };
}

function variantOf(input: VariantInput): VariantDraft {
  const { name, weightType = "VARIABLE", weight = null, stickiness = "default", payload, overrides = [] } = input;
  return {
    name,
    weightType,
    weight,
    stickiness,
    payload: payload ? { type: (payload.type ?? "STRING").toLowerCase(), value: payload.value } : null,
    overrides,
  };
}
