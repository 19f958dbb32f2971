// What parts of a draft mean, in plain English.
import { operatorWords } from "./operators.ts";
import type { ConstraintDraft, StrategyDraft, VariantDraft } from "./draft.ts";

const WHOLE = 1000;
const WHOLE_PERCENT = 100;
const LISTED = 8;

/** Return the values of a constraint as text, such as `DE, AT or CH`. */
export function valuesPhrase(values: readonly string[]): string {
  if (values.length === 0) return "nothing";
  if (values.length > LISTED) return `${values.slice(0, LISTED).join(", ")} or ${values.length - LISTED} more`;
  const last = values.at(-1) ?? "";
  return values.length === 1 ? last : `${values.slice(0, -1).join(", ")} or ${last}`;
}

/** Return a constraint as text, such as `country is one of DE or AT`. */
export function constraintPhrase(constraint: ConstraintDraft): string {
  return `${constraint.contextName} ${operatorWords(constraint)} ${valuesPhrase(constraint.values)}`;
}

/** Return the percentage of users that a strategy lets through, or undefined if it has no percentage. */
export function rolloutOf({ name, parameters }: StrategyDraft): number | undefined {
  if (name === "flexibleRollout") return percentage(parameters["rollout"], "100");
  if (name.startsWith("gradualRollout")) return percentage(parameters["percentage"], "0");
  return undefined;
}

function percentage(text: string | undefined, missing: string): number | undefined {
  const number = Number(text || missing);
  return number >= 0 && number <= 100 ? number : undefined;
}

const FOR_ALL: ReadonlySet<string> = new Set(["", "default", "random"]);

/** Whether a strategy matches every context, so that further strategies cannot limit the users. */
export function matchesEverybody(strategy: StrategyDraft): boolean {
  const { name, disabled, parameters, constraints, segments } = strategy;
  if (disabled || constraints.length > 0 || segments.length > 0) return false;
  if (name === "default") return true;
  return name === "flexibleRollout" && rolloutOf(strategy) === WHOLE_PERCENT && FOR_ALL.has(parameters["stickiness"] ?? "");
}

/** Return the shares of variants in percent. The server distributes variable weights in the same way. */
export function sharesOf(variants: readonly VariantDraft[]): number[] {
  const fixed = variants.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  const sharers = variants.filter(({ weightType }) => weightType !== "FIX").length;
  const rest = Math.max(WHOLE - fixed, 0);
  let extra = rest % Math.max(sharers, 1);
  return variants.map(({ weightType, weight }) => {
    if (weightType === "FIX") return (weight ?? 0) / 10;
    const share = Math.floor(rest / sharers) + Math.min(Math.max(extra, 0), 1);
    extra -= 1;
    return share / 10;
  });
}

/** Return a problem of the weights of variants, or undefined. */
export function weightProblem(variants: readonly VariantDraft[]): string | undefined {
  if (variants.length === 0) return undefined;
  const fixed = variants.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  if (fixed > WHOLE) return `The fixed weights add up to ${fixed / 10} %, more than 100 %.`;
  if (variants.every(({ weightType }) => weightType === "FIX") && fixed !== WHOLE) {
    return `The fixed weights add up to ${fixed / 10} %. Without a variable weight, they must add up to 100 %.`;
  }
  return undefined;
}
