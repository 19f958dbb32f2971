import { useState } from "react";

import css from "./tokens.module.css";
import type { Token } from "./token.ts";
import { textOf, useAsk } from "../../app/client.ts";
import { useSession } from "../../app/session.tsx";
import { useSending } from "../../edits/sending.ts";
import { RevokeTokenDocument } from "../../gql/tokens.ts";
import { Button } from "../../parts/Button.tsx";
import { CheckField } from "../../parts/CheckField.tsx";
import { CopyOperation } from "../../parts/CopyOperation.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Problems } from "../../parts/Problems.tsx";
import { When } from "../../parts/When.tsx";

interface Props {
  token: Token;
  onClose: () => void;
  onRevoked: () => void;
}

/** Asks before a token is revoked, which cannot be undone. */
export function RevokeToken({ token, onClose, onRevoked }: Props) {
  const ask = useAsk();
  const { viewer } = useSession();
  const { isSending, problems, send } = useSending();
  const [revokeChildren, setRevokeChildren] = useState(false);
  const { id, name, type, lastUsedAt } = token;
  const input = { id, revokeChildren };
  const isOwn = viewer.tokenType === type && viewer.actor.name === name;

  async function revoke() {
    if (await send(async () => (await ask(RevokeTokenDocument, { input })).apiTokenRevoke)) onRevoked();
  }

  return (
    <Dialog
      title={`Revoke ${name}?`}
      onClose={onClose}
      actions={
        <>
          <CopyOperation operation={() => ({ query: textOf(RevokeTokenDocument), variables: { input } })} />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" keys="Control+Enter" busy={isSending} onClick={() => void revoke()}>
            Revoke the token
          </Button>
        </>
      }
    >
      <Problems problems={problems} />
      {isOwn && <p className={css.warning}>You are signed in with a token of this name. You may be signed out.</p>}
      <p>
        The server refuses the token at once. This cannot be undone. The token was{" "}
        {lastUsedAt ? (
          <>
            last used{" "}
            <strong>
              <When time={lastUsedAt} />
            </strong>
          </>
        ) : (
          <strong>never used</strong>
        )}
        .
      </p>
      {type === "ADMIN" && (
        <CheckField
          label="Also revoke the tokens that were created with this token"
          hint="Choose this if somebody else may know the secret."
          checked={revokeChildren}
          onChange={setRevokeChildren}
        />
      )}
    </Dialog>
  );
}
