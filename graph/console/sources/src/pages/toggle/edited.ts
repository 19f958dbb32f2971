// What the unsaved edits of a page concern.
import type { Toggle } from "./toggle.ts";
import type { Definitions } from "../../edits/definitions.ts";
import { isEqual } from "../../edits/draft.ts";
import type { EnvironmentDraft, ToggleDraft } from "../../edits/draft.ts";
import type { Names } from "../../edits/words.ts";
import type { VerdictFragment } from "../../gql/toggle.ts";

/** Return the names of the environments with edits. */
export function editedEnvironments(base: ToggleDraft, mine: ToggleDraft): ReadonlySet<string> {
  const edited = mine.environments.filter(
    (configuration) =>
      !isEqual(base.environments.find(({ environment }) => environment === configuration.environment), configuration),
  );
  return new Set(edited.map(({ environment }) => environment));
}

/** Whether fields are edited that apply to all environments. */
export function hasEditedDetails(base: ToggleDraft, mine: ToggleDraft): boolean {
  return !isEqual({ ...base, environments: [] }, { ...mine, environments: [] });
}

/**
 * Return the sentences of the server about strategies, by ID. For edited strategies, the sentences are those of
 * `then`, the verdict with the unsaved edits.
 */
export function summariesOf(
  configuration: Toggle["environments"][number],
  base: EnvironmentDraft,
  mine: EnvironmentDraft,
  then: VerdictFragment | undefined,
): ReadonlyMap<string, string> {
  const summaries = new Map(configuration.strategies.map(({ id, summary }) => [id, summary]));
  for (const [index, strategy] of mine.strategies.entries()) {
    const saved = base.strategies.find(({ id }) => id === strategy.id);
    if (saved && isEqual(saved, strategy)) continue;
    const summary = then?.strategies[index]?.strategy.summary;
    if (summary === undefined) summaries.delete(strategy.id);
    else summaries.set(strategy.id, summary);
  }
  return summaries;
}

/** Return the names of the strategies and segments that a toggle uses or can use. */
export function namesIn({ environments }: Toggle, { titles, segments }: Definitions): Names {
  const used = environments.flatMap(({ strategies }) => strategies.flatMap((strategy) => strategy.segments));
  return { titles, segments: new Map([...segments, ...used].map(({ id, name }) => [id, name])) };
}
