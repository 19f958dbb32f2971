import { useCallback, useState } from "react";

import { FileWarnings } from "./FileWarnings.tsx";
import { importInput } from "./transfer.ts";
import type { ImportChoice } from "./transfer.ts";
import { OperationError, textOf, useAsk } from "../../app/client.ts";
import type { View } from "../../edits/plan.ts";
import { placeInFile } from "../../edits/problemPlace.ts";
import { useReview } from "../../edits/reviewing.ts";
import type { Mode } from "../../edits/reviewing.ts";
import { ReviewDialog } from "../../edits/ReviewDialog.tsx";
import { useUndo } from "../../edits/undo.ts";
import { ImportStateDocument } from "../../gql/transfer.ts";
import type { ImportStateMutation } from "../../gql/transfer.ts";
import { useToast } from "../../parts/Toast.tsx";

const WAYS_OUT =
  "Split the file, or use the command flagstaff import FILE --dry-run on the server, which has no time limit. " +
  "The limit of the console is the setting FLAGSTAFF_GRAPHQL_TIMEOUT_S.";

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
  const [answer, setAnswer] = useState<ImportStateMutation["stateImport"]>();
  const send = useCallback(
    async (mode: Mode, view: View) => {
      try {
        const input = { ...importInput(choice), ...mode };
        const { stateImport } = await ask(ImportStateDocument, { input, ...view });
        setAnswer(stateImport);
        return stateImport;
      } catch (error) {
        throw error instanceof OperationError && error.isTooSlow ? new Error(`${error.message} ${WAYS_OUT}`) : error;
      }
    },
    [ask, choice],
  );
  const review = useReview(send, ({ changeSet, ...made }) => {
    if (changeSet) announce(changeSet.id, made);
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
      applyWords={({ changeCount }) => (changeCount > 1 ? `Import ${changeCount} changes` : "Import")}
      operation={operation}
      remarks={answer && <FileWarnings warnings={answer.warnings} warningCount={answer.warningCount} />}
      placeOf={placeInFile}
      onClose={onClose}
    />
  );
}
