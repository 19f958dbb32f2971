import type { Definitions, StrategyDefinition } from "./definitions.ts";
import type { StrategyDraft } from "./draft.ts";

/** Return a new strategy for a toggle, with values for all declared parameters that have a usual value. */
export function newStrategy({ name, parameters }: StrategyDefinition, toggle: string): Omit<StrategyDraft, "id"> {
  const values = parameters.map((parameter): [string, string] => [parameter.name, usualValue(parameter, toggle)]);
  return {
    name,
    title: "",
    disabled: false,
    parameters: Object.fromEntries(values.filter(([, value]) => value !== "")),
    constraints: [],
    segments: [],
    variants: [],
  };
}

const STANDARD = "default";
const ROLLOUT = "flexibleRollout";

/**
 * Return a gradual rollout to everybody with the conditions of a standard strategy. Return undefined for other
 * strategies, or if the server does not define gradual rollouts.
 */
export function rolloutInsteadOf(
  { name, title, disabled, constraints, segments, variants }: StrategyDraft,
  { strategies }: Pick<Definitions, "strategies">,
  toggle: string,
): Omit<StrategyDraft, "id"> | undefined {
  const definition = strategies.find((each) => each.name === ROLLOUT);
  if (name !== STANDARD || !definition) return undefined;
  return { ...newStrategy(definition, toggle), title, disabled, constraints, segments, variants };
}

function usualValue({ name, type }: StrategyDefinition["parameters"][number], toggle: string): string {
  if (type === "percentage") return "100";
  if (type === "boolean") return "false";
  if (name === "groupId") return toggle;
  return name === "stickiness" ? "default" : "";
}
