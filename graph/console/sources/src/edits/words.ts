// Describes parts of a configuration in short texts that can be compared by eye.
import type { ConstraintDraft, DependencyDraft, StrategyDraft, TagDraft, VariantDraft } from "./draft.ts";
import { operatorWords } from "./operators.ts";

/** Return texts as lines of one text. */
export function lines(texts: readonly string[]): string {
  return texts.join("\n");
}

/** Return the name of a strategy, with its title if it has one. */
export function labelOf(strategy: Pick<StrategyDraft, "name" | "title"> | undefined): string {
  if (!strategy) return "";
  return strategy.title === "" ? strategy.name : `${strategy.name} “${strategy.title}”`;
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

/** Return the settings of a strategy as lines. `segments` has the names of segments by ID. */
export function strategyWords(strategy: StrategyDraft, segments: ReadonlyMap<string, string>): string {
  return lines([
    labelOf(strategy),
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
