import { useCallback, useState } from "react";

import type { View } from "./plan.ts";
import { useReview } from "./reviewing.ts";
import type { Mode } from "./reviewing.ts";
import { ReviewDialog } from "./ReviewDialog.tsx";
import { undoneWords } from "./undo.ts";
import { textOf, useAsk } from "../app/client.ts";
import { RevertChangesDocument } from "../gql/edits.ts";
import { useToast } from "../parts/Toast.tsx";

interface Props {
  /** The change set to undo. */
  id: string;
  onClose: () => void;
  /** Called after the change set was undone. */
  onUndone: () => void;
}

/**
 * A dialog that shows the effects of undoing a change set, and undoes it. If later changes affected the same
 * fields, the dialog names them and offers to undo nevertheless.
 */
export function UndoReview({ id, onClose, onUndone }: Props) {
  const ask = useAsk();
  const show = useToast();
  const [force, setForce] = useState(false);
  const send = useCallback(
    async (mode: Mode, view: View) =>
      (await ask(RevertChangesDocument, { input: { id, force, ...mode }, ...view })).changeSetRevert,
    [ask, id, force],
  );
  const review = useReview(send, ({ changeCount }) => {
    show({ text: undoneWords(changeCount) });
    onUndone();
  });
  return (
    <ReviewDialog
      title="Undo the change set"
      review={review}
      applyWords={({ changeCount }) => (changeCount > 1 ? `Undo ${changeCount} changes` : "Undo")}
      operation={() => ({ query: textOf(RevertChangesDocument), variables: { input: { id, force, comment: review.comment } } })}
      onConflict={force ? undefined : { title: "Undo anyway…", run: () => setForce(true) }}
      onClose={onClose}
    />
  );
}
