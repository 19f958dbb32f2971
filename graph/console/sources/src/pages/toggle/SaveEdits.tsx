import { useEffect, useState } from "react";

import { ConflictDialog } from "../../edits/ConflictDialog.tsx";
import type { Editing } from "../../edits/editing.ts";
import { EditsBar } from "../../edits/EditsBar.tsx";
import type { Merging } from "../../edits/merging.ts";
import { Review } from "../../edits/Review.tsx";
import { useToast } from "../../parts/Toast.tsx";

/** What the user is doing with the edits, apart from editing. */
export type Step = "edit" | "decide" | "review";

interface Props {
  toggle: string;
  editing: Editing;
  merging: Merging;
  /** The environments with edits. */
  edited: ReadonlySet<string>;
  step: Step;
  onStep: (step: Step) => void;
  onSaved: () => void;
}

// Within this time, the server answers a review after it has reported the saved edits.
const ANSWERED_MS = 3_000;

/** The bar, the review and the decisions about conflicts while there are unsaved edits of a toggle. */
export function SaveEdits({ toggle, editing, merging, edited, step, onStep, onSaved }: Props) {
  const { changes } = editing;
  // The server may report the saved edits before it answers the review.
  const [reviewed, setReviewed] = useState(changes);
  if (changes.length > 0 && changes !== reviewed) setReviewed(changes);
  const hasConflicts = merging.conflicts.length > 0;

  const show = useToast();
  const isSaved = step === "review" && changes.length === 0;
  useEffect(() => {
    if (!isSaved) return undefined;
    const timer = setTimeout(() => {
      onStep("edit");
      show({ text: "The toggle already contains your edits." });
    }, ANSWERED_MS);
    return () => clearTimeout(timer);
  }, [isSaved, onStep, show]);

  return (
    <>
      {changes.length > 0 && (
        <EditsBar
          count={changes.length}
          places={[...edited]}
          onReview={() => onStep("review")}
          onDiscard={editing.discard}
        />
      )}
      {step !== "edit" && hasConflicts && (
        <ConflictDialog
          merging={merging}
          onClose={() => onStep("edit")}
          onMerged={(isEdited) => onStep(isEdited ? "review" : "edit")}
        />
      )}
      {step === "review" && !hasConflicts && (
        <Review
          title={`Change ${toggle}`}
          changes={reviewed}
          onClose={() => onStep("edit")}
          onApplied={() => {
            onStep("edit");
            editing.finish();
            onSaved();
          }}
        />
      )}
    </>
  );
}
