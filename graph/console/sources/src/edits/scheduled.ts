import { useCallback } from "react";

import { useAsk } from "../app/client.ts";
import { CancelChangeSetDocument } from "../gql/edits.ts";
import { displayTime } from "../parts/localTime.ts";
import { useToast } from "../parts/Toast.tsx";

/** Return a function that reports a scheduled change set in a note, with a button that cancels the change set. */
export function useScheduled() {
  const ask = useAsk();
  const show = useToast();

  return useCallback(
    (id: string, at: string) => {
      async function cancel() {
        try {
          const { changeSetCancel } = await ask(CancelChangeSetDocument, { input: { id } });
          const [error] = changeSetCancel.errors;
          if (error) show({ text: error.message, isFailure: true });
          else show({ text: "The scheduled changes are cancelled." });
        } catch (error) {
          const action = { title: "Try again", run: () => void cancel() };
          show({ text: `Not cancelled. ${(error as Error).message}`, isFailure: true, action });
        }
      }
      show({ text: `Scheduled for ${displayTime(at)}.`, action: { title: "Cancel the changes", run: () => void cancel() } });
    },
    [ask, show],
  );
}
