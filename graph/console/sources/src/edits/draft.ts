// The draft of a toggle: what people edit, as plain JSON. Drafts are values; edits return new drafts.
import type { EditorPartsFragment, VariantPartsFragment, VariantWeightType } from "../gql/edits.ts";

export interface ToggleDraft {
  /** The identity of the toggle, which cannot be edited. */
  name: string;
  /** The revision of the toggle that the draft began with. It is not compared. */
  revision: number;
  description: string;
  type: string;
  project: string;
  impressionData: boolean;
  stale: boolean;
  /** A set; its order has no meaning. */
  tags: readonly TagDraft[];
  dependencies: readonly DependencyDraft[];
  /** The configuration in each enabled environment. */
  environments: readonly EnvironmentDraft[];
}

export interface TagDraft {
  type: string;
  value: string;
}

export interface DependencyDraft {
  toggle: string;
  /** Whether the required toggle must be on or off. */
  enabled: boolean;
  /** The variants that the required toggle may return; empty means any. */
  variants: readonly string[];
}

export interface EnvironmentDraft {
  /** The name of the environment, which identifies the configuration. */
  environment: string;
  /** The revision of the configuration that the draft began with. It is not compared. */
  revision: number;
  enabled: boolean;
  /** In evaluation order. */
  strategies: readonly StrategyDraft[];
  variants: readonly VariantDraft[];
}

export interface StrategyDraft {
  /** The ID on the server, or an ID of `newId` for a strategy that is not saved yet. */
  id: string;
  /** The name of the definition. The name of a saved strategy cannot be edited. */
  name: string;
  title: string;
  disabled: boolean;
  /** The values by name; their order has no meaning. */
  parameters: Readonly<Record<string, string>>;
  constraints: readonly ConstraintDraft[];
  /** The IDs of segments. */
  segments: readonly string[];
  variants: readonly VariantDraft[];
}

export interface ConstraintDraft {
  contextName: string;
  operator: string;
  values: readonly string[];
  caseInsensitive: boolean;
  inverted: boolean;
}

export interface VariantDraft {
  /** The name, which is unique within the list. */
  name: string;
  weightType: VariantWeightType;
  /** The share in thousandths of a fixed weight; null for a variable weight, which the server computes. */
  weight: number | null;
  stickiness: string;
  payload: PayloadDraft | null;
  overrides: readonly OverrideDraft[];
}

export interface PayloadDraft {
  /** `string`, `number`, `json` or `csv`. */
  type: string;
  value: string;
}

export interface OverrideDraft {
  contextName: string;
  values: readonly string[];
}

const NEW = "new:";

/** Return an ID for a strategy that is not saved yet. */
export function newId(taken: readonly StrategyDraft[]): string {
  const ids = new Set(taken.map(({ id }) => id));
  let number = 1;
  while (ids.has(`${NEW}${number}`)) number += 1;
  return `${NEW}${number}`;
}

/** Whether a strategy is not saved yet. */
export function isNew({ id }: StrategyDraft): boolean {
  return id.startsWith(NEW);
}

/** Return the draft without edits of a toggle of the API. */
export function draftOf(toggle: EditorPartsFragment): ToggleDraft {
  const { name, revision, description, type, project, impressionData, stale } = toggle;
  return {
    name,
    revision,
    description,
    type: type.name,
    project: project.name,
    impressionData,
    stale,
    tags: toggle.tags.map((tag) => ({ type: tag.type.name, value: tag.value })),
    dependencies: toggle.dependencies.map((dependency) => ({
      toggle: dependency.toggle.name,
      enabled: dependency.enabled,
      variants: dependency.variants,
    })),
    environments: toggle.environments.map((configuration) => ({
      environment: configuration.environment.name,
      revision: configuration.revision,
      enabled: configuration.enabled,
      strategies: configuration.strategies.map((strategy) => ({
        id: strategy.id,
        name: strategy.name,
        title: strategy.title,
        disabled: strategy.disabled,
        parameters: Object.fromEntries(strategy.parameters.map((each) => [each.name, each.value])),
        constraints: strategy.constraints.map(constraintDraftOf),
        segments: strategy.segments.map(({ id }) => id),
        variants: strategy.variants.map(variantDraftOf),
      })),
      variants: configuration.variants.map(variantDraftOf),
    })),
  };
}

/** Return the draft of a constraint of the API. */
export function constraintDraftOf(constraint: ConstraintDraft): ConstraintDraft {
  const { contextName, operator, values, caseInsensitive, inverted } = constraint;
  return { contextName, operator, values, caseInsensitive, inverted };
}

function variantDraftOf(variant: VariantPartsFragment): VariantDraft {
  const { name, weightType, stickiness, payload, overrides } = variant;
  return {
    name,
    weightType,
    weight: weightType === "FIX" ? variant.weight : null,
    stickiness,
    payload: payload && { type: payload.type, value: payload.value },
    overrides: overrides.map(({ contextName, values }) => ({ contextName, values })),
  };
}

/** Whether two values of JSON are equal. The order of the fields of objects has no meaning. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isEqual(item, b[index]));
  }
  const first = Object.entries(a);
  const second = new Map(Object.entries(b));
  return (
    first.length === second.size &&
    first.every(([key, value]) => second.has(key) && isEqual(value, second.get(key)))
  );
}
