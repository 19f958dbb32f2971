import { useCallback, useState } from "react";

import { problemOf, usePlan } from "./plan.ts";
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
  const [comment, setComment] = useState("");
  const [force, setForce] = useState(false);
  const [isApplying, setApplying] = useState(false);
  const revert = useCallback(
    async (options: { comment?: string; dryRun?: boolean }) =>
      (await ask(RevertChangesDocument, { input: { id, force, ...options } })).changeSetRevert,
    [ask, id, force],
  );
  const dryRun = useCallback(async () => {
    const { changes, errors } = await revert({ dryRun: true });
    return { changes, problems: errors };
  }, [revert]);
  const { plan, isPending, again, report } = usePlan(dryRun);
  const isConflict = !force && plan?.problems.some(({ code }) => code === "REVISION_CONFLICT");

  async function undo() {
    setApplying(true);
    try {
      const { changes, errors } = await revert({ comment });
      if (errors.length === 0) {
        show({ text: undoneWords(changes.length) });
        onUndone();
        return;
      }
      report(errors);
    } catch (error) {
      report([problemOf(error)]);
    }
    setApplying(false);
  }

  return (
    <ReviewDialog
      title="Undo the change set"
      plan={plan}
      isPending={isPending}
      comment={comment}
      onComment={setComment}
      applyWords={({ length }) => (length > 1 ? `Undo ${length} changes` : "Undo")}
      isApplying={isApplying}
      operation={() => ({ query: textOf(RevertChangesDocument), variables: { input: { id, force, comment } } })}
      wayOut={isConflict ? { title: "Undo anyway…", run: () => setForce(true) } : { title: "Try again", run: again }}
      onApply={() => void undo()}
      onClose={onClose}
    />
  );
}
