// The changes that turn one draft of a toggle into another, as inputs of the API.
import { isEqual } from "./draft.ts";
import type { ConstraintDraft, EnvironmentDraft, StrategyDraft, TagDraft, ToggleDraft, VariantDraft } from "./draft.ts";
import { placements } from "./placements.ts";
import type {
  ChangeInput,
  ConstraintInput,
  ConstraintOperator,
  ToggleStrategyUpdateInput,
  ToggleUpdateInput,
  VariantInput,
  VariantPayloadType,
} from "../gql/edits.ts";

/**
 * Return the fewest changes that turn the draft `before` into the draft `after` of the same toggle. The
 * changes expect the revisions of `before`. A strategy that `before` does not contain is added as a new one,
 * and environments that `before` does not contain are ignored.
 */
export function changesOf(before: ToggleDraft, after: ToggleDraft): ChangeInput[] {
  return [
    ...detailChanges(before, after),
    ...tagChanges(before, after),
    ...dependencyChanges(before, after),
    ...after.environments.flatMap((configuration) => {
      const old = before.environments.find(({ environment }) => environment === configuration.environment);
      return old ? environmentChanges(before.name, old, configuration) : [];
    }),
  ];
}

function detailChanges(before: ToggleDraft, after: ToggleDraft): ChangeInput[] {
  const fields: Partial<ToggleUpdateInput> = {};
  if (after.description !== before.description) fields.description = after.description;
  if (after.type !== before.type) fields.type = after.type;
  if (after.project !== before.project) fields.project = after.project;
  if (after.impressionData !== before.impressionData) fields.impressionData = after.impressionData;
  if (after.stale !== before.stale) fields.stale = after.stale;
  if (Object.keys(fields).length === 0) return [];
  return [{ toggleUpdate: { name: before.name, ...fields, expectedRevision: before.revision } }];
}

function tagChanges({ name, tags: before }: ToggleDraft, { tags: after }: ToggleDraft): ChangeInput[] {
  const add = without(after, before);
  const remove = without(before, after);
  if (add.length === 0 && remove.length === 0) return [];
  return [{ toggleTags: { name, add, remove } }];
}

function without(tags: readonly TagDraft[], others: readonly TagDraft[]): TagDraft[] {
  return tags.filter((tag) => !others.some((other) => isEqual(tag, other)));
}

function dependencyChanges(before: ToggleDraft, after: ToggleDraft): ChangeInput[] {
  if (isEqual(before.dependencies, after.dependencies)) return [];
  const dependencies = after.dependencies.map(({ toggle, enabled, variants }) => ({
    toggle,
    enabled,
    variants: [...variants],
  }));
  return [{ toggleSetDependencies: { name: before.name, dependencies, expectedRevision: before.revision } }];
}

function environmentChanges(name: string, before: EnvironmentDraft, after: EnvironmentDraft): ChangeInput[] {
  const { environment, revision: expectedRevision } = before;
  const changes = strategyChanges(name, before, after);
  if (!isEqual(before.variants, after.variants)) {
    const variants = after.variants.map(variantInput);
    changes.push({ toggleConfigure: { name, environment, variants, expectedRevision } });
  }
  if (before.enabled !== after.enabled) {
    changes.push({ toggleSetEnabled: { name, environment, enabled: after.enabled, expectedRevision } });
  }
  return changes;
}

function strategyChanges(toggle: string, before: EnvironmentDraft, after: EnvironmentDraft): ChangeInput[] {
  const { environment, revision: expectedRevision } = before;
  const saved = new Map(before.strategies.map((strategy) => [strategy.id, strategy]));
  const kept = new Set(after.strategies.map(({ id }) => id));
  const removals: ChangeInput[] = before.strategies
    .filter(({ id }) => !kept.has(id))
    .map(({ id }) => ({ toggleStrategyRemove: { id, expectedRevision } }));
  const positions = placements(
    before.strategies.map(({ id }) => id).filter((id) => kept.has(id)),
    after.strategies.map(({ id }) => id),
  );
  const others = after.strategies.flatMap((strategy): ChangeInput[] => {
    const { id } = strategy;
    const old = saved.get(id);
    const place = positions.get(id);
    const position = place === undefined ? {} : { position: place };
    if (!old) {
      const input = strategyInput(strategy);
      return [{ toggleStrategyAdd: { toggle, environment, strategy: input, ...position, expectedRevision } }];
    }
    const fields = { ...strategyFields(old, strategy), ...position };
    return Object.keys(fields).length === 0 ? [] : [{ toggleStrategyUpdate: { id, ...fields, expectedRevision } }];
  });
  return [...removals, ...others];
}

function strategyFields(before: StrategyDraft, after: StrategyDraft): Partial<ToggleStrategyUpdateInput> {
  const { title, disabled, parameters, constraints, segments, variants } = strategyInput(after);
  return {
    ...(before.title !== after.title && { title }),
    ...(before.disabled !== after.disabled && { disabled }),
    ...(!isEqual(before.parameters, after.parameters) && { parameters }),
    ...(!isEqual(before.constraints, after.constraints) && { constraints }),
    ...(!isEqual(before.segments, after.segments) && { segments }),
    ...(!isEqual(before.variants, after.variants) && { variants }),
  };
}

/** Return a strategy as an input of the API. */
export function strategyInput(strategy: StrategyDraft) {
  const { name, title, disabled, parameters, constraints, segments, variants } = strategy;
  return {
    name,
    title,
    disabled,
    parameters: Object.entries(parameters).map(([key, value]) => ({ name: key, value })),
    constraints: constraints.map(constraintInput),
    segments: [...segments],
    variants: variants.map(variantInput),
  };
}

// The server explains operators and types of payloads that it does not know.
export function constraintInput({ operator, values, ...rest }: ConstraintDraft): ConstraintInput {
  return { ...rest, operator: operator as ConstraintOperator, values: [...values] };
}

/** Return a variant as an input of the API. */
export function variantInput({ name, weightType, weight, stickiness, payload, overrides }: VariantDraft): VariantInput {
  return {
    name,
    weightType,
    ...(weightType === "FIX" && { weight }),
    stickiness,
    ...(payload && { payload: { type: payload.type.toUpperCase() as VariantPayloadType, value: payload.value } }),
    overrides: overrides.map(({ contextName, values }) => ({ contextName, values: [...values] })),
  };
}
