import { useMemo, useState } from "react";

import { isChanged } from "./catchUp.ts";
import { changesOf } from "./changes.ts";
import { draftOf } from "./draft.ts";
import type { EnvironmentDraft, ToggleDraft } from "./draft.ts";
import type { ChangeInput, EditorPartsFragment } from "../gql/edits.ts";

/** The unsaved edits of an object. */
export interface Edits<Draft> {
  /** The object as editing began. Without edits, the object on the server. */
  base: Draft;
  /** The object with the edits. */
  mine: Draft;
  /** The object on the server, which other people may have changed since editing began. */
  theirs: Draft;
  /** The edits as changes of `base`; empty without edits. */
  changes: readonly ChangeInput[];
  edit: (change: (draft: Draft) => Draft) => void;
  /** Replace both sides, for example after the changes of other people are merged. */
  restart: (base: Draft, mine: Draft) => void;
  discard: () => void;
  /** Forget the edits. Before, show them until the server reports the changed object, if they are not scheduled. */
  finish: () => void;
}

/** The unsaved edits of a toggle. */
export interface Editing extends Edits<ToggleDraft> {
  editEnvironment: (environment: string, change: (draft: EnvironmentDraft) => EnvironmentDraft) => void;
}

/** How drafts of a kind of object are compared. */
export interface Comparison<Draft> {
  /** The changes that turn one draft into another. */
  changesOf: (before: Draft, after: Draft) => readonly ChangeInput[];
  /** Whether somebody changed the object on the server between two of its drafts. */
  isChanged: (before: Draft, after: Draft) => boolean;
}

interface Sides<Draft> {
  base: Draft;
  mine: Draft;
  isApplied?: boolean;
}

// Within this time, the server reports an object that was changed.
const REPORTED_MS = 2_000;

/** Return the unsaved edits of an object. They remain while other people change the object. Memoize the arguments. */
export function useEdits<Draft>(theirs: Draft, comparison: Comparison<Draft>): Edits<Draft> {
  const [sides, setSides] = useState<Sides<Draft>>();
  const current = useMemo(() => currentSides(sides, theirs, comparison), [sides, theirs, comparison]);
  const { base, mine } = current;
  const changes = useMemo(
    () => (current.isApplied ? [] : comparison.changesOf(base, mine)),
    [current, base, mine, comparison],
  );

  return {
    base,
    mine,
    theirs,
    changes,
    edit: (change) =>
      setSides((before) => {
        const from = currentSides(before, theirs, comparison);
        return { base: from.base, mine: change(from.mine) };
      }),
    restart: (nextBase, nextMine) => setSides({ base: nextBase, mine: nextMine }),
    discard: () => setSides(undefined),
    finish: () => {
      setSides((before) => before && { ...before, isApplied: true });
      setTimeout(() => setSides((before) => (before?.isApplied ? undefined : before)), REPORTED_MS);
    },
  };
}

function currentSides<Draft>(
  sides: Sides<Draft> | undefined,
  theirs: Draft,
  { changesOf: differencesOf, isChanged: isOther }: Comparison<Draft>,
): Sides<Draft> {
  if (!sides) return { base: theirs, mine: theirs };
  const { base, mine, isApplied } = sides;
  const isOver = isApplied ? isOther(base, theirs) : base === mine || differencesOf(base, mine).length === 0;
  return isOver ? { base: theirs, mine: theirs } : sides;
}

const TOGGLES: Comparison<ToggleDraft> = { changesOf, isChanged };

/** Return the unsaved edits of a toggle. */
export function useEditing(toggle: EditorPartsFragment): Editing {
  const edits = useEdits(
    useMemo(() => draftOf(toggle), [toggle]),
    TOGGLES,
  );
  return {
    ...edits,
    editEnvironment: (environment, change) =>
      edits.edit((draft) => ({
        ...draft,
        environments: draft.environments.map((each) => (each.environment === environment ? change(each) : each)),
      })),
  };
}
