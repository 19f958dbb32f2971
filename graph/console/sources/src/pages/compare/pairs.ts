import type { StrategyDraft } from "../../edits/draft.ts";

/** A strategy in each environment, or a strategy that only one environment has. */
export interface Pair {
  left: StrategyDraft | undefined;
  right: StrategyDraft | undefined;
}

/**
 * Find the strategies that correspond to each other. Strategies with the same name and title correspond first, and
 * then strategies with the same name. The result has the order of the left side; strategies that only the right side
 * has come last.
 */
export function pairsOf(left: readonly StrategyDraft[], right: readonly StrategyDraft[]): Pair[] {
  const free = new Set(right);
  const found = new Map<StrategyDraft, StrategyDraft>();
  for (const isSame of [hasSameLabel, hasSameName]) {
    for (const strategy of left) {
      if (found.has(strategy)) continue;
      const counterpart = right.find((each) => free.has(each) && isSame(strategy, each));
      if (!counterpart) continue;
      found.set(strategy, counterpart);
      free.delete(counterpart);
    }
  }
  return [
    ...left.map((strategy) => ({ left: strategy, right: found.get(strategy) })),
    ...right.filter((strategy) => free.has(strategy)).map((strategy) => ({ left: undefined, right: strategy })),
  ];
}

function hasSameName(one: StrategyDraft, other: StrategyDraft): boolean {
  return one.name === other.name;
}

function hasSameLabel(one: StrategyDraft, other: StrategyDraft): boolean {
  return hasSameName(one, other) && one.title === other.title;
}
