// The fields of drafts by key, for tests which check that no edit is lost.
import type { StrategyDraft, ToggleDraft, VariantDraft } from "./draft.ts";

/** The fields of a draft by key, with the same keys as conflicts. */
export function fieldsOf(draft: ToggleDraft): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  const add = (value: unknown, ...path: string[]) =>
    fields.set(path.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""), value);
  for (const field of ["description", "type", "project", "impressionData", "stale"] as const) add(draft[field], field);
  for (const tag of draft.tags) add(true, "tags", JSON.stringify([tag.type, tag.value]));
  for (const { toggle, ...rest } of draft.dependencies) add(rest, "dependencies", toggle);
  for (const { environment, enabled, strategies, variants } of draft.environments) {
    const path = ["environments", environment];
    add(enabled, ...path, "enabled");
    addVariants(variants, (value, ...rest) => add(value, ...path, ...rest));
    for (const strategy of strategies) addStrategy(strategy, (value, ...rest) => add(value, ...path, "strategies", strategy.id, ...rest));
  }
  return fields;
}

type Add = (value: unknown, ...path: string[]) => void;

function addStrategy(strategy: StrategyDraft, add: Add) {
  add(strategy.title, "title");
  add(strategy.disabled, "disabled");
  for (const [name, value] of Object.entries(strategy.parameters)) add(value, "parameters", name);
  for (const id of strategy.segments) add(true, "segments", id);
  for (const constraint of strategy.constraints) add(true, "constraints", JSON.stringify(constraint));
  addVariants(strategy.variants, add);
}

function addVariants(variants: readonly VariantDraft[], add: Add) {
  for (const { name, weightType, weight, ...fields } of variants) {
    add({ weightType, weight }, "variants", name, "weight");
    for (const [field, value] of Object.entries(fields)) add(value, "variants", name, field);
  }
}

/** Whether somebody is asked about a field. `asked` has the keys of conflicts. */
export function isCovered(key: string, asked: Iterable<string>): boolean {
  // Constraints have no identity that a test could know.
  const [place] = key.split(/(?<=\/constraints)\//);
  return [...asked].some((conflict) => `${key}/`.startsWith(`${conflict}/`) || conflict.startsWith(`${place}/`));
}
