// The fields of two versions of a toggle, as rows of a table.
import type { StrategyTitles } from "../../edits/definitions.ts";
import type { EnvironmentDraft, StrategyDraft } from "../../edits/draft.ts";
import { constraintWords, dependencyWords, labelOf, lines, strategyWords, tagWords, variantWords } from "../../edits/words.ts";
import type { RecordedPartsFragment } from "../../gql/history.ts";
import type { Group, Row } from "../../parts/SideBySide.tsx";

type Recorded = RecordedPartsFragment;
type Environment = Recorded["environments"][number];
type Strategy = Environment["strategies"][number];

// Text by title. A version that lacks an object lacks all its fields.
type Fields = ReadonlyMap<string, string>;

/** Compare two versions of a toggle; null is a version without the toggle, because the toggle was deleted. */
export function groupsOf(left: Recorded | null, right: Recorded | null, titles: StrategyTitles): Group[] {
  const environments = union(left?.environments, right?.environments, ({ environmentName }) => environmentName);
  return [
    { title: "Toggle", rows: rowsOf("toggle", left && toggleFields(left), right && toggleFields(right)) },
    ...environments.flatMap((name) =>
      environmentGroups(name, environmentOf(left, name), environmentOf(right, name), titles),
    ),
  ];
}

function environmentGroups(
  name: string,
  left: Environment | null,
  right: Environment | null,
  titles: StrategyTitles,
): Group[] {
  const strategies = union(left?.strategies, right?.strategies, ({ strategyId }) => strategyId);
  const find = (side: Environment | null, id: string) => side?.strategies.find(({ strategyId }) => strategyId === id);
  return [
    {
      title: name,
      rows: rowsOf(name, left && environmentFields(left, titles), right && environmentFields(right, titles)),
    },
    ...strategies.map((id) => {
      const one = find(left, id);
      const other = find(right, id);
      const title = `${name} › ${labelOf(other ?? one, titles)}`;
      return { title, rows: strategyRows(`${name}/${id}`, one, other, titles) };
    }),
  ];
}

function strategyRows(
  key: string,
  one: Strategy | undefined,
  other: Strategy | undefined,
  titles: StrategyTitles,
): Row[] {
  if (one && other) return rowsOf(key, strategyFields(one), strategyFields(other));
  const words = (strategy: Strategy | undefined) => {
    if (!strategy) return undefined;
    const [draft, segments] = draftOfStrategy(strategy);
    return strategyWords(draft, { titles, segments });
  };
  return [{ key, title: "Whole strategy", left: words(one), right: words(other) }];
}

function rowsOf(key: string, left: Fields | null, right: Fields | null): Row[] {
  const titles = new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])]);
  return [...titles].map((title) => ({
    key: `${key}/${title}`,
    title,
    left: left ? (left.get(title) ?? "") : undefined,
    right: right ? (right.get(title) ?? "") : undefined,
  }));
}

function toggleFields(toggle: Recorded): Fields {
  return new Map([
    ["Description", toggle.description],
    ["Type", toggle.typeName],
    ["Project", toggle.projectName],
    ["Impression data", yesOrNo(toggle.impressionData)],
    ["Stale", yesOrNo(toggle.stale)],
    ["Archived", yesOrNo(toggle.archived)],
    ["Tags", lines(toggle.tags.map(({ typeName, value }) => tagWords({ type: typeName, value })).toSorted())],
    [
      "Dependencies",
      lines(
        toggle.dependencies
          .map(({ toggleName, enabled, variants }) => dependencyWords({ toggle: toggleName, enabled, variants }))
          .toSorted(),
      ),
    ],
  ]);
}

function environmentFields({ enabled, strategies, variants }: Environment, titles: StrategyTitles): Fields {
  return new Map([
    ["Switch", enabled ? "on" : "off"],
    ...(strategies.length > 1
      ? ([["Order of the strategies", strategies.map((strategy) => labelOf(strategy, titles)).join(", ")]] as const)
      : []),
    ["Variants", lines(variants.map(recordedVariantWords))],
  ]);
}

function strategyFields(strategy: Strategy): Fields {
  return new Map([
    ["Title", strategy.title],
    ["Active", yesOrNo(!strategy.disabled)],
    ...strategy.parameters.map(({ name, value }) => [name, value] as const),
    ["Constraints", lines(strategy.constraints.map(constraintWords).toSorted())],
    ["Segments", lines(strategy.segments.map((segment) => segment?.name ?? "a deleted segment").toSorted())],
    ["Variants", lines(strategy.variants.map(recordedVariantWords))],
  ]);
}

function draftOfStrategy(strategy: Strategy): [StrategyDraft, ReadonlyMap<string, string>] {
  const segments = strategy.segments.map((segment, index) => segment ?? { id: `deleted ${index}`, name: "deleted" });
  const draft: StrategyDraft = {
    ...strategy,
    id: strategy.strategyId,
    parameters: Object.fromEntries(strategy.parameters.map(({ name, value }) => [name, value])),
    segments: segments.map(({ id }) => id),
    variants: strategy.variants.map(variantDraftOf),
  };
  return [draft, new Map(segments.map(({ id, name }) => [id, name]))];
}

function variantDraftOf(variant: Environment["variants"][number]): EnvironmentDraft["variants"][number] {
  return { ...variant, weight: variant.weightType === "FIX" ? variant.weight : null };
}

function recordedVariantWords(variant: Environment["variants"][number]): string {
  return variantWords(variantDraftOf(variant));
}

// A toggle is off in an environment in which nobody has configured it yet.
function environmentOf(toggle: Recorded | null, name: string): Environment | null {
  const configured = toggle?.environments.find(({ environmentName }) => environmentName === name);
  return configured ?? (toggle && { environmentName: name, enabled: false, strategies: [], variants: [] });
}

/** Return the keys of both lists: those of the second list, and then those that only the first list has. */
function union<Item>(one: readonly Item[] = [], other: readonly Item[] = [], keyOf: (item: Item) => string): string[] {
  return [...new Set([...other, ...one].map(keyOf))];
}

function yesOrNo(value: boolean): string {
  return value ? "yes" : "no";
}
