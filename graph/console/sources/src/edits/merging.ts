import { useEffect, useMemo, useState } from "react";

import { catchUp, isChanged } from "./catchUp.ts";
import { changesOf } from "./changes.ts";
import type { ToggleDraft } from "./draft.ts";
import type { Comparison, Edits } from "./editing.ts";
import type { Choices, Conflict, Merge, Side, Three } from "./threeWay.ts";
import type { Names } from "./words.ts";
import { useToast } from "../parts/Toast.tsx";

/** The fields that other people changed in another way than the unsaved edits. */
export interface Merging {
  /** Empty if the edits contain all changes of other people. */
  conflicts: readonly Conflict[];
  choices: Choices;
  /** Choose a side for the conflicts with these keys. */
  choose: (keys: readonly string[], side: Side) => void;
  /** Continue with the chosen values. Return whether any edits remain. */
  finish: () => boolean;
}

/** How drafts of a kind of object are compared and merged. */
export interface MergeRules<Draft> extends Comparison<Draft> {
  /** What the object is called in sentences, such as `toggle`. */
  noun: string;
  /** Merge the edits with the changes of other people; undefined if nobody else changed the object. */
  catchUp: (drafts: Three<Draft>, choices: Choices) => Merge<Draft> | undefined;
}

const NO_CONFLICTS: readonly Conflict[] = [];
const NO_CHOICES: Choices = {};

/**
 * Merge the changes of other people into unsaved edits. Changes of other fields are merged at once, and a note says
 * so. Otherwise return the fields to decide about. Memoize the rules.
 */
export function useMerging<Draft>(edits: Edits<Draft>, rules: MergeRules<Draft>): Merging {
  const { base, theirs, mine, changes, restart } = edits;
  const show = useToast();
  // Choices are for one state of the object, because people decide about the values that they see.
  const [chosen, setChosen] = useState<{ theirs: Draft; choices: Choices }>();
  const choices = chosen && !rules.isChanged(chosen.theirs, theirs) ? chosen.choices : NO_CHOICES;
  const isEdited = changes.length > 0;
  const merged = useMemo(
    () => (isEdited ? rules.catchUp({ base, theirs, mine }, choices) : undefined),
    [isEdited, base, theirs, mine, choices, rules],
  );
  const hasConflicts = merged !== undefined && merged.conflicts.length > 0;

  useEffect(() => {
    if (!merged || hasConflicts) return;
    restart(theirs, merged.draft);
    // If nothing is left to save, the server has reported these edits themselves.
    if (rules.changesOf(theirs, merged.draft).length === 0) return;
    show({ text: `This ${rules.noun} has changed in the meantime. The changes are merged with your edits.` });
  }, [merged, hasConflicts, theirs, restart, show, rules]);

  return {
    conflicts: merged?.conflicts ?? NO_CONFLICTS,
    choices,
    choose: (keys, side) =>
      setChosen({ theirs, choices: { ...choices, ...Object.fromEntries(keys.map((key) => [key, side])) } }),
    finish: () => {
      if (!merged) return isEdited;
      restart(theirs, merged.draft);
      return rules.changesOf(theirs, merged.draft).length > 0;
    },
  };
}

/** Merge the changes of other people into the unsaved edits of a toggle. Memoize the names. */
export function useToggleMerging(edits: Edits<ToggleDraft>, names: Names): Merging {
  const rules = useMemo(
    () => ({
      noun: "toggle",
      changesOf,
      isChanged,
      catchUp: (drafts: Three<ToggleDraft>, choices: Choices) => catchUp(drafts, choices, names),
    }),
    [names],
  );
  return useMerging(edits, rules);
}
