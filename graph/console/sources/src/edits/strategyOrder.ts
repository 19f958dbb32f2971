// The order in which people are offered the strategies.
import type { StrategyDefinition } from "./definitions.ts";

const COMMONEST = ["flexibleRollout", "default", "userWithId"];
// `flexibleRollout` does all that these strategies do.
const SUPERSEDED = ["gradualRolloutUserId", "gradualRolloutSessionId", "gradualRolloutRandom"];

type Ranked = Pick<StrategyDefinition, "name" | "deprecated">;

/** Return strategies with the commonest first, and superseded and deprecated ones last. */
export function inOrderOfUse<T extends Ranked>(strategies: readonly T[]): T[] {
  return strategies.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ name, deprecated }: Ranked): number {
  const last = COMMONEST.length + 1 + SUPERSEDED.length;
  if (deprecated) return last;
  if (COMMONEST.includes(name)) return COMMONEST.indexOf(name);
  return SUPERSEDED.includes(name) ? COMMONEST.length + 1 + SUPERSEDED.indexOf(name) : COMMONEST.length;
}
