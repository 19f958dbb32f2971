import css from "./tokens.module.css";
import type { CreatedToken } from "./CreateToken.tsx";
import { hasScope } from "./token.ts";
import { API } from "../../app/base.ts";
import { SecretDialog } from "../../parts/SecretDialog.tsx";

interface Props {
  created: CreatedToken;
  onClose: () => void;
}

/** Shows the secret of a new token. */
export function TokenSecret({ created: { secret, apiToken }, onClose }: Props) {
  if (secret === null || !apiToken) return null;
  const { name, type } = apiToken;
  return (
    <SecretDialog name={name} secret={secret} onClose={onClose}>
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
    </SecretDialog>
  );
}

function addressOf(type: string): string {
  return new URL(type === "FRONTEND" ? "api/frontend" : "api/", API).href;
}
