import { useState } from "react";

import type { ChangeSet } from "./ChangeSetContent.tsx";
import { useAsk } from "../../app/client.ts";
import { useSession } from "../../app/session.tsx";
import { isUndoable } from "../../edits/changeSetState.ts";
import { UndoReview } from "../../edits/UndoReview.tsx";
import { PauseRolloutDocument, ResumeRolloutDocument } from "../../gql/changeSet.ts";
import { CancelChangeSetDocument } from "../../gql/edits.ts";
import { Button } from "../../parts/Button.tsx";
import { Confirmation } from "../../parts/Confirmation.tsx";
import { useToast } from "../../parts/Toast.tsx";

interface Props {
  changeSet: ChangeSet;
  onChanged: () => void;
}

/** The buttons that undo, cancel, pause or resume a change set. */
export function ChangeSetActions({ changeSet, onChanged }: Props) {
  const { id, state, rollout } = changeSet;
  const { viewer } = useSession();
  const ask = useAsk();
  const show = useToast();
  const [open, setOpen] = useState<"undo" | "cancel">();
  const close = () => setOpen(undefined);
  const input = { id };

  async function run(mutate: () => Promise<{ errors: readonly { message: string }[] }>) {
    try {
      const [error] = (await mutate()).errors;
      if (error) show({ text: error.message, isFailure: true });
    } catch (error) {
      show({ text: `Not changed. ${(error as Error).message}`, isFailure: true });
    }
    onChanged();
  }

  if (!viewer.canWrite) return null;
  return (
    <>
      {state === "SCHEDULED" && rollout && !rollout.pausedAt && (
        <Button onClick={() => void run(async () => (await ask(PauseRolloutDocument, { input })).rolloutPause)}>
          Pause
        </Button>
      )}
      {state === "SCHEDULED" && rollout?.pausedAt && (
        <Button onClick={() => void run(async () => (await ask(ResumeRolloutDocument, { input })).rolloutResume)}>
          Resume
        </Button>
      )}
      {state === "SCHEDULED" && (
        <Button kind="danger" onClick={() => setOpen("cancel")}>
          Cancel…
        </Button>
      )}
      {isUndoable(changeSet) && <Button onClick={() => setOpen("undo")}>Undo…</Button>}
      {open === "undo" && (
        <UndoReview
          id={id}
          onClose={close}
          onUndone={() => {
            close();
            onChanged();
          }}
        />
      )}
      {open === "cancel" && (
        <Confirmation
          question={rollout ? "Cancel the remaining steps?" : "Cancel the scheduled changes?"}
          answer={rollout ? "Cancel the steps" : "Cancel the changes"}
          refusal={rollout ? "Keep the steps" : "Keep the changes"}
          onNo={close}
          onYes={() => {
            close();
            void run(async () => (await ask(CancelChangeSetDocument, { input })).changeSetCancel);
          }}
        >
          <p>
            {rollout
              ? "The percentage stays as it is. Steps that were already applied are not undone."
              : "Nothing is changed at the scheduled time."}
          </p>
        </Confirmation>
      )}
    </>
  );
}
