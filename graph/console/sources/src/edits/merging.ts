import { useEffect, useMemo, useState } from "react";

import { catchUp, isChanged } from "./catchUp.ts";
import { changesOf } from "./changes.ts";
import type { ToggleDraft } from "./draft.ts";
import type { Editing } from "./editing.ts";
import type { Choices, Conflict, Side } from "./threeWay.ts";
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

const NO_CONFLICTS: readonly Conflict[] = [];
const NO_CHOICES: Choices = {};

/**
 * Merge the changes of other people into the unsaved edits of a toggle. Changes of other fields are merged at once,
 * and a note says so. Otherwise return the fields to decide about.
 */
export function useMerging(editing: Editing, names: Names): Merging {
  const { base, theirs, mine, changes, restart } = editing;
  const show = useToast();
  // Choices are for one state of the toggle, because people decide about the values that they see.
  const [chosen, setChosen] = useState<{ theirs: ToggleDraft; choices: Choices }>();
  const choices = chosen && !isChanged(chosen.theirs, theirs) ? chosen.choices : NO_CHOICES;
  const isEdited = changes.length > 0;
  const merged = useMemo(
    () => (isEdited ? catchUp({ base, theirs, mine }, choices, names) : undefined),
    [isEdited, base, theirs, mine, choices, names],
  );
  const hasConflicts = merged !== undefined && merged.conflicts.length > 0;

  useEffect(() => {
    if (!merged || hasConflicts) return;
    restart(theirs, merged.draft);
    // If nothing is left to save, the server has reported these edits themselves.
    if (changesOf(theirs, merged.draft).length === 0) return;
    show({ text: "This toggle has changed in the meantime. The changes are merged with your edits." });
  }, [merged, hasConflicts, theirs, restart, show]);

  return {
    conflicts: merged?.conflicts ?? NO_CONFLICTS,
    choices,
    choose: (keys, side) =>
      setChosen({ theirs, choices: { ...choices, ...Object.fromEntries(keys.map((key) => [key, side])) } }),
    finish: () => {
      if (!merged) return isEdited;
      restart(theirs, merged.draft);
      return changesOf(theirs, merged.draft).length > 0;
    },
  };
}
