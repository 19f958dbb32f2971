// Describes parts of a configuration in short texts that can be compared by eye.
import type { ConstraintDraft, DependencyDraft, StrategyDraft, TagDraft, VariantDraft } from "./draft.ts";
import { operatorWords } from "./operators.ts";

/** The names of what strategies refer to. */
export interface Names {
  /** The titles of the definitions of strategies, by name. */
  titles: ReadonlyMap<string, string>;
  /** The names of segments, by ID. */
  segments: ReadonlyMap<string, string>;
}

export const NO_NAMES: Names = { titles: new Map(), segments: new Map() };

/** Return texts as lines of one text. */
export function lines(texts: readonly string[]): string {
  return texts.join("\n");
}

/** Return the title of the definition of a strategy, with the title of the strategy itself if there is one. */
export function labelOf(strategy: Pick<StrategyDraft, "name" | "title"> | undefined, titles: Names["titles"]): string {
  if (!strategy) return "";
  const kind = titles.get(strategy.name) || strategy.name;
  return strategy.title === "" ? kind : `${kind} “${strategy.title}”`;
}

/** Return a constraint with all its values as text, such as `country is one of DE, AT`. */
export function constraintWords(constraint: ConstraintDraft): string {
  const { contextName, values, caseInsensitive } = constraint;
  const test = `${contextName} ${operatorWords(constraint)} ${values.join(", ")}`;
  return caseInsensitive ? `${test} (ignoring case)` : test;
}

/** Return a variant as text, such as `blue, 50 %, by userId, payload string: #00f`. */
export function variantWords({ name, weight, stickiness, payload, overrides }: VariantDraft): string {
  const parts = [name, weight === null ? "equal share" : `${weight / 10} %`, `by ${stickiness}`];
  if (payload) parts.push(`payload ${payload.type}: ${payload.value}`);
  for (const { contextName, values } of overrides) parts.push(`always if ${contextName} is ${values.join(" or ")}`);
  return parts.join(", ");
}

/** Return the settings of a strategy as lines. */
export function strategyWords(strategy: StrategyDraft, { titles, segments }: Names): string {
  return lines([
    labelOf(strategy, titles),
    ...(strategy.disabled ? ["disabled"] : []),
    ...Object.entries(strategy.parameters).map(([name, value]) => `${name}: ${value}`),
    ...strategy.constraints.map(constraintWords),
    ...strategy.segments.map((id) => `segment ${segments.get(id) ?? id}`),
    ...strategy.variants.map(variantWords),
  ]);
}

/** Return a tag as text; the type `simple` is not shown. */
export function tagWords({ type, value }: TagDraft): string {
  return type === "simple" ? value : `${type}:${value}`;
}

/** Return a dependency as text, such as `checkout is on with red or blue`. */
export function dependencyWords({ toggle, enabled, variants }: DependencyDraft): string {
  const state = `${toggle} is ${enabled ? "on" : "off"}`;
  return variants.length === 0 ? state : `${state} with ${variants.join(" or ")}`;
}
