import type { StrategyDefinition } from "./definitions.ts";
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

function usualValue({ name, type }: StrategyDefinition["parameters"][number], toggle: string): string {
  if (type === "percentage") return "100";
  if (type === "boolean") return "false";
  if (name === "groupId") return toggle;
  return name === "stickiness" ? "default" : "";
}
