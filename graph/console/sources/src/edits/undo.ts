import { useCallback } from "react";

import { useAsk } from "../app/client.ts";
import { RevertChangesDocument } from "../gql/edits.ts";
import { useToast } from "../parts/Toast.tsx";

/** Changes that were made; `changes` may be only some of them. */
interface Made {
  changes: readonly { summary: string; type: string; subjectName: string }[];
  changeCount: number;
}

/** Return a function that reports an applied change set in a note with the button Undo. */
export function useUndo() {
  const ask = useAsk();
  const show = useToast();

  return useCallback(
    (id: string, made: Made) => {
      async function undo(force: boolean) {
        try {
          const input = { id, comment: "Undone in the console", force };
          const { changeSetRevert } = await ask(RevertChangesDocument, { input });
          const [error] = changeSetRevert.errors;
          if (!error) show({ text: undoneWords(changeSetRevert.changeCount) });
          else if (error.code === "REVISION_CONFLICT") {
            const action = { title: "Undo anyway", run: () => void undo(true) };
            show({ text: error.message, isFailure: true, action });
          } else show({ text: error.message, isFailure: true });
        } catch (error) {
          const action = { title: "Try again", run: () => void undo(force) };
          show({ text: `Not undone. ${(error as Error).message}`, isFailure: true, action });
        }
      }
      show({ text: appliedWords(made), action: { title: "Undo", run: () => void undo(false) } });
    },
    [ask, show],
  );
}

/** Return the sentence that reports applied changes, such as `Applied 3 changes to 2 toggles.` */
export function appliedWords({ changes, changeCount }: Made): string {
  const [first] = changes;
  if (first && changeCount === 1) return first.summary;
  if (changes.length < changeCount) return `Applied ${changeCount} changes.`;
  const areToggles = changes.every(({ type }) => type.startsWith("TOGGLE_"));
  const kinds = areToggles ? "toggles" : "objects";
  const names = new Set(changes.map(({ type, subjectName }) => `${type.split("_")[0]} ${subjectName}`));
  const subject = names.size === 1 ? first?.subjectName : `${names.size} ${kinds}`;
  return `Applied ${changeCount} changes to ${subject}.`;
}

/** Return the sentence that reports a number of undone changes. */
export function undoneWords(count: number): string {
  return count === 1 ? "The change is undone." : `${count} changes are undone.`;
}
