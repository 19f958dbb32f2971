// The three-way merge of drafts of a toggle.
import type { ConstraintDraft, EnvironmentDraft, StrategyDraft, ToggleDraft, VariantDraft } from "./draft.ts";
import { mergeLists } from "./mergeLists.ts";
import type { Kind } from "./mergeLists.ts";
import { each, Place } from "./threeWay.ts";
import type { Choices, Merge, Three } from "./threeWay.ts";
import { constraintWords, dependencyWords, labelOf, NO_NAMES, strategyWords, tagWords, variantWords } from "./words.ts";
import type { Names } from "./words.ts";

/** Merge the edits of two sides that began from the same draft. The names are for the words of conflicts. */
export function merge(
  drafts: Three<ToggleDraft>,
  choices: Choices = {},
  names: Names = NO_NAMES,
): Merge<ToggleDraft> {
  const place = new Place(choices);
  const { theirs } = drafts;
  const draft: ToggleDraft = {
    name: theirs.name,
    revision: theirs.revision,
    description: text(place, "description", "Description", drafts),
    type: text(place, "type", "Type", drafts),
    project: text(place, "project", "Project", drafts),
    impressionData: flag(place, "impressionData", "Impression data", drafts),
    stale: flag(place, "stale", "Stale", drafts),
    tags: mergeLists(place.below("tags", "Tags"), each(drafts, ({ tags }) => tags), {
      keyOf: ({ type, value }) => JSON.stringify([type, value]),
      nameOf: tagWords,
      words: tagWords,
      isOrdered: false,
    }),
    dependencies: mergeLists(place.below("dependencies", "Dependencies"), each(drafts, (side) => side.dependencies), {
      keyOf: ({ toggle }) => toggle,
      nameOf: ({ toggle }) => toggle,
      words: dependencyWords,
      isOrdered: false,
    }),
    environments: mergeLists(place.below("environments"), each(drafts, (side) => side.environments), {
      keyOf: ({ environment }) => environment,
      nameOf: ({ environment }) => environment,
      words: (configuration) => environmentWords(configuration, names),
      merge: (below, configurations) => mergeEnvironments(below, configurations, names),
      isOrdered: false,
      // Edits of an environment that no longer exists cannot be applied.
      options: ["theirs"],
    }),
  };
  return { draft, conflicts: place.conflicts };
}

function mergeEnvironments(place: Place, configurations: Three<EnvironmentDraft>, names: Names): EnvironmentDraft {
  return {
    environment: configurations.theirs.environment,
    revision: configurations.theirs.revision,
    enabled: place.below("enabled", "Switch").settle(each(configurations, ({ enabled }) => enabled), onOrOff),
    strategies: mergeLists(place.below("strategies"), each(configurations, ({ strategies }) => strategies), {
      keyOf: ({ id }) => id,
      nameOf: (strategy) => labelOf(strategy, names.titles),
      words: (strategy) => strategyWords(strategy, names),
      merge: mergeStrategies,
      isOrdered: true,
    }),
    variants: mergeLists(place.below("variants", "Variants"), each(configurations, ({ variants }) => variants), VARIANTS),
  };
}

function mergeStrategies(place: Place, strategies: Three<StrategyDraft>): StrategyDraft {
  const numbered = each(strategies, ({ constraints }) => withKeys(constraints));
  return {
    id: strategies.theirs.id,
    name: strategies.theirs.name,
    title: text(place, "title", "Title", strategies),
    disabled: place.below("disabled", "Active").settle(each(strategies, ({ disabled }) => disabled), (value) => yesOrNo(!value)),
    parameters: mergeParameters(place.below("parameters"), each(strategies, ({ parameters }) => parameters)),
    constraints: mergeLists(place.below("constraints", "Constraints"), numbered, CONSTRAINTS).map(({ constraint }) => constraint),
    segments: mergeLists(place.below("segments"), each(strategies, ({ segments }) => segments), {
      keyOf: (id) => id,
      nameOf: (id) => id,
      words: (id) => id,
      isOrdered: false,
    }),
    variants: mergeLists(place.below("variants", "Variants"), each(strategies, ({ variants }) => variants), VARIANTS),
  };
}

const VARIANTS: Kind<VariantDraft> = {
  keyOf: ({ name }) => name,
  nameOf: ({ name }) => name,
  words: variantWords,
  merge: (place, variants) => {
    const share = each(variants, ({ weightType, weight }) => ({ weightType, weight }));
    const words = ({ weight }: Pick<VariantDraft, "weight">) => (weight === null ? "equal share" : `${weight / 10} %`);
    return {
      name: variants.theirs.name,
      ...place.below("weight", "Weight").settle(share, words),
      stickiness: text(place, "stickiness", "Stickiness", variants),
      payload: place
        .below("payload", "Payload")
        .settle(each(variants, ({ payload }) => payload), (payload) => (payload ? `${payload.type}: ${payload.value}` : "")),
      overrides: place
        .below("overrides", "Overrides")
        .settle(each(variants, ({ overrides }) => overrides), (overrides) =>
          overrides.map(({ contextName, values }) => `${contextName} is ${values.join(" or ")}`).join("\n"),
        ),
    };
  },
  isOrdered: true,
};

// Constraints have no IDs. A constraint with the same field and operator is the same constraint with other values.
interface NumberedConstraint {
  key: string;
  constraint: ConstraintDraft;
}

const CONSTRAINTS: Kind<NumberedConstraint> = {
  keyOf: ({ key }) => key,
  nameOf: ({ constraint }) => constraint.contextName,
  words: ({ constraint }) => constraintWords(constraint),
  isOrdered: false,
};

function withKeys(constraints: readonly ConstraintDraft[]): NumberedConstraint[] {
  const counts = new Map<string, number>();
  return constraints.map((constraint) => {
    const kind = JSON.stringify([constraint.contextName, constraint.operator]);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return { key: `${kind} ${count}`, constraint };
  });
}

function mergeParameters(place: Place, parameters: Three<StrategyDraft["parameters"]>): StrategyDraft["parameters"] {
  const merged = mergeLists(place, each(parameters, (values) => Object.entries(values)), {
    keyOf: ([name]) => name,
    nameOf: ([name]) => name,
    words: ([, value]) => value,
    isOrdered: false,
  });
  return Object.fromEntries(merged);
}

function text<Field extends string, Part extends Readonly<Record<Field, string>>>(
  place: Place,
  field: Field,
  words: string,
  parts: Three<Part>,
): string {
  return place.below(field, words).settle<string>(each(parts, (part) => part[field]), (value) => value);
}

function flag<Field extends string, Part extends Readonly<Record<Field, boolean>>>(
  place: Place,
  field: Field,
  words: string,
  parts: Three<Part>,
): boolean {
  return place.below(field, words).settle<boolean>(each(parts, (part) => part[field]), yesOrNo);
}

function environmentWords({ enabled, strategies, variants }: EnvironmentDraft, names: Names): string {
  return [onOrOff(enabled), ...strategies.map((strategy) => strategyWords(strategy, names)), ...variants.map(variantWords)].join("\n");
}

function onOrOff(value: boolean): string {
  return value ? "on" : "off";
}

function yesOrNo(value: boolean): string {
  return value ? "yes" : "no";
}
