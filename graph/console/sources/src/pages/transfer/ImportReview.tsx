import { useCallback, useState } from "react";

import { importInput } from "./transfer.ts";
import type { ImportChoice } from "./transfer.ts";
import { textOf, useAsk } from "../../app/client.ts";
import { problemOf, usePlan } from "../../edits/plan.ts";
import { ReviewDialog } from "../../edits/ReviewDialog.tsx";
import { useUndo } from "../../edits/undo.ts";
import { ImportStateDocument } from "../../gql/transfer.ts";
import { useToast } from "../../parts/Toast.tsx";

interface Props {
  /** Memoize the choice, because another one starts another dry run. */
  choice: ImportChoice;
  onClose: () => void;
  onImported: () => void;
}

/** A dialog that shows the effects of an import in a dry run, and imports the file. */
export function ImportReview({ choice, onClose, onImported }: Props) {
  const ask = useAsk();
  const show = useToast();
  const announce = useUndo();
  const [comment, setComment] = useState("");
  const [isApplying, setApplying] = useState(false);
  const run = useCallback(
    async (options: { comment?: string; dryRun?: boolean }) =>
      (await ask(ImportStateDocument, { input: { ...importInput(choice), ...options } })).stateImport,
    [ask, choice],
  );
  const dryRun = useCallback(async () => {
    const { changes, errors } = await run({ dryRun: true });
    return { changes, problems: errors };
  }, [run]);
  const { plan, isPending, again, report } = usePlan(dryRun);

  async function apply() {
    setApplying(true);
    try {
      const { changeSet, changes, errors } = await run({ comment });
      if (errors.length === 0) {
        if (changeSet) announce(changeSet.id, changes);
        else show({ text: "The import changed nothing." });
        onImported();
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
      title={`Import ${choice.file.name}`}
      plan={plan}
      isPending={isPending}
      expected={4}
      comment={comment}
      onComment={setComment}
      applyWords={({ length }) => (length > 1 ? `Import ${length} changes` : "Import")}
      isApplying={isApplying}
      operation={() => ({ query: textOf(ImportStateDocument), variables: { input: { ...importInput(choice), comment } } })}
      wayOut={{ title: "Try again", run: again }}
      onApply={() => void apply()}
      onClose={onClose}
    />
  );
}
