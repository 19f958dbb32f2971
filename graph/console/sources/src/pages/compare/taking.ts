// Gives settings of one environment to another environment.
import type { Pair } from "./pairs.ts";
import { newId } from "../../edits/draft.ts";
import type { EnvironmentDraft } from "../../edits/draft.ts";

/** Add the source's strategy to the target. If only the target has the strategy, remove it there. */
export function withStrategy(source: EnvironmentDraft, target: EnvironmentDraft, id: string): EnvironmentDraft {
  const index = source.strategies.findIndex((strategy) => strategy.id === id);
  const strategy = source.strategies[index];
  if (!strategy) return { ...target, strategies: target.strategies.filter((each) => each.id !== id) };
  const added = { ...strategy, id: newId(target.strategies) };
  return { ...target, strategies: target.strategies.toSpliced(index, 0, added) };
}

/** Give the common strategies the order of the source. The target's other strategies keep their positions. */
export function inOrder(source: EnvironmentDraft, target: EnvironmentDraft, common: readonly Pair[]): EnvironmentDraft {
  const ordered = source.strategies.flatMap((strategy) => {
    const pair = common.find(({ left, right }) => left === strategy || right === strategy);
    const counterpart = pair?.left === strategy ? pair.right : pair?.left;
    return counterpart ? [counterpart] : [];
  });
  const moving = new Set(ordered);
  const strategies = target.strategies.map((strategy) =>
    moving.has(strategy) ? (ordered.shift() ?? strategy) : strategy,
  );
  return { ...target, strategies };
}
