import { useCallback } from "react";

import { useAsk } from "../app/client.ts";
import { RevertChangesDocument } from "../gql/edits.ts";
import { useToast } from "../parts/Toast.tsx";

/** Return a function that reports an applied change set in a note with the button Undo. */
export function useUndo() {
  const ask = useAsk();
  const show = useToast();

  return useCallback(
    (id: string, changes: readonly { summary: string }[]) => {
      async function undo(force: boolean) {
        try {
          const input = { id, comment: "Undone in the console", force };
          const { changeSetRevert } = await ask(RevertChangesDocument, { input });
          const [error] = changeSetRevert.errors;
          if (!error) show({ text: undoneWords(changeSetRevert.changes.length) });
          else if (error.code === "REVISION_CONFLICT") {
            const action = { title: "Undo anyway", run: () => void undo(true) };
            show({ text: error.message, isFailure: true, action });
          } else show({ text: error.message, isFailure: true });
        } catch (error) {
          const action = { title: "Try again", run: () => void undo(force) };
          show({ text: `Not undone. ${(error as Error).message}`, isFailure: true, action });
        }
      }
      show({ text: sentence(changes), action: { title: "Undo", run: () => void undo(false) } });
    },
    [ask, show],
  );
}

function sentence(changes: readonly { summary: string }[]): string {
  const [only] = changes;
  return only && changes.length === 1 ? only.summary : `Applied ${changes.length} changes.`;
}

/** Return the sentence that reports a number of undone changes. */
export function undoneWords(count: number): string {
  return count === 1 ? "The change is undone." : `${count} changes are undone.`;
}
