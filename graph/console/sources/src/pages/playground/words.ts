import type { DecisionFragment } from "../../gql/playground.ts";

export interface Words {
  text: string;
  tone: "on" | "off" | "unknown";
}

/** Return a decision in one or two words; undefined stands for a toggle that does not exist. */
export function decisionWords(decision: DecisionFragment | undefined): Words {
  if (!decision) return { text: "no toggle", tone: "off" };
  if (decision.reason === "UNDECIDED") return { text: "undecided", tone: "unknown" };
  if (!decision.enabled) return { text: "off", tone: "off" };
  const { variant } = decision;
  return { text: variant.enabled ? `on, ${variant.name}` : "on", tone: "on" };
}
