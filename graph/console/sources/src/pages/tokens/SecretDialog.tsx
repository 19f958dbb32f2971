import css from "./tokens.module.css";
import type { CreatedToken } from "./CreateToken.tsx";
import { hasScope } from "./token.ts";
import { API } from "../../app/base.ts";
import { Button } from "../../parts/Button.tsx";
import { CopyButton } from "../../parts/CopyButton.tsx";
import { Dialog } from "../../parts/Dialog.tsx";

interface Props {
  created: CreatedToken;
  onClose: () => void;
}

/** Shows the secret of a new token for the only time. Only the button closes the dialog. */
export function SecretDialog({ created: { secret, apiToken }, onClose }: Props) {
  if (secret === null || !apiToken) return null;
  const { name, type } = apiToken;
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
      {hasScope(type) ? (
        <ol className={css.steps}>
          <li>Store the secret where your application reads its configuration, such as an environment variable.</li>
          <li>
            Give the SDK this address: <code>{addressOf(type)}</code>
          </li>
          <li>The SDK sends the secret in the header <code>Authorization</code>. After its first request, the list shows when the token was last used.</li>
        </ol>
      ) : (
        <p>
          Sign in to the console with the secret, or send it in the header <code>Authorization</code>.
        </p>
      )}
    </Dialog>
  );
}

function addressOf(type: string): string {
  return new URL(type === "FRONTEND" ? "api/frontend" : "api/", API).href;
}
