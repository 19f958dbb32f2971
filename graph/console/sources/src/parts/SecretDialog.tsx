import type { ReactNode } from "react";

import css from "./SecretDialog.module.css";
import { Button } from "./Button.tsx";
import { CopyButton } from "./CopyButton.tsx";
import { Dialog } from "./Dialog.tsx";

interface Props {
  /** The name of the object that has the secret. */
  name: string;
  secret: string;
  /** What to do with the secret. */
  children: ReactNode;
  onClose: () => void;
}

/** Shows a new secret for the only time. Only the button closes the dialog. */
export function SecretDialog({ name, secret, children, onClose }: Props) {
  return (
    <Dialog
      title={`The secret of ${name}`}
      actions={
        <Button kind="primary" onClick={onClose}>
          I have stored the secret
        </Button>
      }
    >
      <p className={css.warning}>Copy the secret now. It is shown only here, and nobody can read it later.</p>
      <div className={css.secret}>
        <code>{secret}</code>
        <CopyButton label="Copy the secret" text={secret} />
      </div>
      {children}
    </Dialog>
  );
}
