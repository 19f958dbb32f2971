import { useEffect, useState } from "react";

import { ConflictDialog } from "./ConflictDialog.tsx";
import type { Edits } from "./editing.ts";
import { EditsBar } from "./EditsBar.tsx";
import type { Merging } from "./merging.ts";
import { Review } from "./Review.tsx";
import { useToast } from "../parts/Toast.tsx";

/** What the user is doing with the edits, apart from editing. */
export type Step = "edit" | "decide" | "review";

interface Props<Draft> {
  /** What the object is called in sentences, such as `toggle`. */
  noun: string;
  name: string;
  edits: Edits<Draft>;
  merging: Merging;
  /** The number of edits. */
  count: number;
  /** Where the edits are, such as the names of environments. */
  places: readonly string[];
  step: Step;
  onStep: (step: Step) => void;
  onSaved: () => void;
}

// Within this time, the server answers a review after it has reported the saved edits.
const ANSWERED_MS = 3_000;

/** The bar, the review and the decisions about conflicts while there are unsaved edits of an object. */
export function SaveEdits<Draft>(props: Props<Draft>) {
  const { noun, name, edits, merging, count, places, step, onStep, onSaved } = props;
  const { changes } = edits;
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
      show({ text: `The ${noun} already contains your edits.` });
    }, ANSWERED_MS);
    return () => clearTimeout(timer);
  }, [isSaved, noun, onStep, show]);

  return (
    <>
      {changes.length > 0 && (
        <EditsBar
          count={count}
          places={places}
          changes={changes}
          onReview={() => onStep("review")}
          onDiscard={edits.discard}
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
          title={`Change ${name}`}
          changes={reviewed}
          onClose={() => onStep("edit")}
          onApplied={() => {
            onStep("edit");
            edits.finish();
            onSaved();
          }}
        />
      )}
    </>
  );
}
