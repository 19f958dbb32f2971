import type { ReactNode } from "react";

import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";

interface Props {
  question: string;
  /** The button that agrees, such as "Switch off". */
  answer: string;
  /** Whether the answer destroys something. */
  isDanger?: boolean;
  /** The button that refuses. A question about cancelling needs another word than "Cancel". */
  refusal?: string;
  /** What the answer leads to. */
  children?: ReactNode;
  onNo: () => void;
  onYes: () => void;
}

/** Asks for confirmation of an action that has no review. */
export function Confirmation({ question, answer, isDanger = false, refusal = "Cancel", children, onNo, onYes }: Props) {
  return (
    <Dialog
      title={question}
      onClose={onNo}
      actions={
        <>
          <Button onClick={onNo}>{refusal}</Button>
          <Button kind={isDanger ? "danger" : "primary"} keys="Control+Enter" onClick={onYes}>
            {answer}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
