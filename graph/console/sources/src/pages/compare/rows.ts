// The comparison of a toggle's configurations in two environments, as rows of a table.
import { pairsOf } from "./pairs.ts";
import type { Pair } from "./pairs.ts";
import { inOrder, withStrategy } from "./taking.ts";
import type { EnvironmentDraft, StrategyDraft } from "../../edits/draft.ts";
import { constraintWords, labelOf, lines, strategyWords, variantWords } from "../../edits/words.ts";
import type { Names } from "../../edits/words.ts";
import type { Group, Row } from "../../parts/SideBySide.tsx";

/** Returns the target with a setting of the source. */
export type Take = (source: EnvironmentDraft, target: EnvironmentDraft) => EnvironmentDraft;

/** A setting in both environments. */
export interface SettingRow extends Row {
  take: Take;
}

export interface SettingGroup extends Group {
  rows: SettingRow[];
}

/** Compare the configurations of a toggle in two environments. */
export function groupsOf(left: EnvironmentDraft, right: EnvironmentDraft, names: Names): SettingGroup[] {
  const pairs = pairsOf(left.strategies, right.strategies);
  const common = pairs.filter((pair) => pair.left && pair.right);
  const row = (key: string, title: string, words: (side: EnvironmentDraft) => string, take: Take): SettingRow => ({
    key,
    title,
    left: words(left),
    right: words(right),
    take,
  });
  const general = [
    row("switch", "Switch", ({ enabled }) => (enabled ? "on" : "off"), ({ enabled }, target) => ({ ...target, enabled })),
    ...(common.length > 1
      ? [row("order", "Order of the strategies", (side) => orderWords(side, common, names), (source, target) => inOrder(source, target, common))]
      : []),
    row(
      "variants",
      "Variants",
      ({ variants }) => lines(variants.map(variantWords)),
      ({ variants }, target) => ({ ...target, variants }),
    ),
  ];
  return [
    { title: "Environment", rows: general },
    ...pairs.map((pair, index) => ({
      title: `Strategy ${index + 1}: ${labelOf(pair.left ?? pair.right, names.titles)}`,
      rows: strategyRows(`strategy${index + 1}`, pair, names),
    })),
  ];
}

function strategyRows(key: string, pair: Pair, names: Names): SettingRow[] {
  const { left, right } = pair;
  if (!left || !right) {
    const only = left ?? right;
    return [
      {
        key,
        title: "Whole strategy",
        left: left && strategyWords(left, names),
        right: right && strategyWords(right, names),
        take: (source, target) => withStrategy(source, target, only?.id ?? ""),
      },
    ];
  }
  const row = (
    name: string,
    title: string,
    words: (strategy: StrategyDraft) => string,
    take: (source: StrategyDraft, target: StrategyDraft) => Partial<StrategyDraft>,
  ): SettingRow => ({
    key: `${key}.${name}`,
    title,
    left: words(left),
    right: words(right),
    take: (source, target) => {
      const [from, to] = source.strategies.includes(left) ? [left, right] : [right, left];
      const strategies = target.strategies.map((each) => (each === to ? { ...to, ...take(from, to) } : each));
      return { ...target, strategies };
    },
  });
  return [
    row("title", "Title", ({ title }) => title, ({ title }) => ({ title })),
    row("disabled", "Active", ({ disabled }) => (disabled ? "no" : "yes"), ({ disabled }) => ({ disabled })),
    ...parameterNames(left, right).map((name) =>
      row(
        `parameter.${name}`,
        name,
        ({ parameters }) => parameters[name] ?? "",
        (source, target) => ({ parameters: withParameter(target, name, source.parameters[name]) }),
      ),
    ),
    row(
      "constraints",
      "Constraints",
      ({ constraints }) => lines(constraints.map(constraintWords).toSorted()),
      ({ constraints }) => ({ constraints }),
    ),
    row(
      "segments",
      "Segments",
      (strategy) => lines(strategy.segments.map((id) => names.segments.get(id) ?? id).toSorted()),
      (source) => ({ segments: source.segments }),
    ),
    row("variants", "Variants", ({ variants }) => lines(variants.map(variantWords)), ({ variants }) => ({ variants })),
  ];
}

function orderWords({ strategies }: EnvironmentDraft, common: readonly Pair[], { titles }: Names): string {
  const pairs = strategies.map((strategy) => common.find(({ left, right }) => left === strategy || right === strategy));
  return pairs.flatMap((pair) => (pair?.left ? [labelOf(pair.left, titles)] : [])).join(", ");
}

function parameterNames(one: StrategyDraft, other: StrategyDraft): string[] {
  return [...new Set([...Object.keys(one.parameters), ...Object.keys(other.parameters)])];
}

function withParameter({ parameters }: StrategyDraft, name: string, value: string | undefined) {
  const others = Object.entries(parameters).filter(([key]) => key !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
}
