// What happens to unsaved edits when other people change the toggle.
import type { ToggleDraft } from "./draft.ts";
import { merge } from "./merge.ts";
import type { Choices, Merge, Three } from "./threeWay.ts";
import type { Names } from "./words.ts";

/** Whether another draft of the toggle has other revisions, because the toggle was changed. */
export function isChanged(base: ToggleDraft, theirs: ToggleDraft): boolean {
  return revisionsOf(base) !== revisionsOf(theirs);
}

/**
 * Return the merge of the edits with the changes of other people. Return undefined if nobody else changed the toggle.
 */
export function catchUp(
  drafts: Three<ToggleDraft>,
  choices: Choices = {},
  names?: Names,
): Merge<ToggleDraft> | undefined {
  return isChanged(drafts.base, drafts.theirs) ? merge(drafts, choices, names) : undefined;
}

/** Whether each conflict has a choice, so that nothing is dropped that nobody decided about. */
export function isDecided({ conflicts }: Merge<unknown>, choices: Choices): boolean {
  return conflicts.every(({ key, options }) => {
    const choice = choices[key];
    return choice !== undefined && options.includes(choice);
  });
}

function revisionsOf({ revision, environments }: ToggleDraft): string {
  const configurations = environments.map((each) => [each.environment, each.revision]);
  return JSON.stringify([revision, configurations]);
}
