import { useMemo, useState } from "react";

import { changesOf } from "./changes.ts";
import { draftOf } from "./draft.ts";
import type { EnvironmentDraft, ToggleDraft } from "./draft.ts";
import type { ChangeInput, EditorPartsFragment } from "../gql/edits.ts";

/** The unsaved edits of a toggle. */
export interface Editing {
  /** The toggle as editing began. Without edits, the toggle on the server. */
  base: ToggleDraft;
  /** The toggle with the edits. */
  mine: ToggleDraft;
  /** The toggle on the server, which other people may have changed since editing began. */
  theirs: ToggleDraft;
  /** The edits as changes of `base`; empty without edits. */
  changes: readonly ChangeInput[];
  edit: (change: (draft: ToggleDraft) => ToggleDraft) => void;
  editEnvironment: (environment: string, change: (draft: EnvironmentDraft) => EnvironmentDraft) => void;
  /** Replace both sides, for example after the changes of other people are merged. */
  restart: (base: ToggleDraft, mine: ToggleDraft) => void;
  discard: () => void;
  /** Forget the edits. Before, show them until the server reports the changed toggle, if they are not scheduled. */
  finish: () => void;
}

interface Sides {
  base: ToggleDraft;
  mine: ToggleDraft;
  isApplied?: boolean;
}

// Within this time, the server reports a toggle that was changed.
const REPORTED_MS = 2_000;

/** Return the unsaved edits of a toggle. They remain while other people change the toggle. */
export function useEditing(toggle: EditorPartsFragment): Editing {
  const theirs = useMemo(() => draftOf(toggle), [toggle]);
  const [sides, setSides] = useState<Sides>();
  const current = useMemo(() => currentSides(sides, theirs), [sides, theirs]);
  const { base, mine } = current;
  const changes = useMemo(() => (current.isApplied ? [] : changesOf(base, mine)), [current, base, mine]);

  function edit(change: (draft: ToggleDraft) => ToggleDraft) {
    setSides((before) => {
      const from = currentSides(before, theirs);
      return { base: from.base, mine: change(from.mine) };
    });
  }

  return {
    base,
    mine,
    theirs,
    changes,
    edit,
    editEnvironment: (environment, change) =>
      edit((draft) => ({
        ...draft,
        environments: draft.environments.map((each) => (each.environment === environment ? change(each) : each)),
      })),
    restart: (nextBase, nextMine) => setSides({ base: nextBase, mine: nextMine }),
    discard: () => setSides(undefined),
    finish: () => {
      setSides((before) => before && { ...before, isApplied: true });
      setTimeout(() => setSides((before) => (before?.isApplied ? undefined : before)), REPORTED_MS);
    },
  };
}

function currentSides(sides: Sides | undefined, theirs: ToggleDraft): Sides {
  const isOver = sides && (sides.isApplied ? sides.base.revision !== theirs.revision : isUnedited(sides));
  return sides && !isOver ? sides : { base: theirs, mine: theirs };
}

function isUnedited({ base, mine }: Sides): boolean {
  return base === mine || changesOf(base, mine).length === 0;
}
