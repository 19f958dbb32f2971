import { useCallback } from "react";

import { importInput } from "./transfer.ts";
import type { ImportChoice } from "./transfer.ts";
import { textOf, useAsk } from "../../app/client.ts";
import { useReview } from "../../edits/reviewing.ts";
import type { Mode } from "../../edits/reviewing.ts";
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
  const send = useCallback(
    async (mode: Mode) =>
      (await ask(ImportStateDocument, { input: { ...importInput(choice), ...mode } })).stateImport,
    [ask, choice],
  );
  const review = useReview(send, ({ changeSet, changes }) => {
    if (changeSet) announce(changeSet.id, changes);
    else show({ text: "The import changed nothing." });
    onImported();
  });
  const operation = () => {
    const input = { ...importInput(choice), comment: review.comment };
    return { query: textOf(ImportStateDocument), variables: { input } };
  };
  return (
    <ReviewDialog
      title={`Import ${choice.file.name}`}
      review={review}
      expected={4}
      applyWords={({ length }) => (length > 1 ? `Import ${length} changes` : "Import")}
      operation={operation}
      onClose={onClose}
    />
  );
}
