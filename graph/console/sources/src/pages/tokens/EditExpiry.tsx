import { useState } from "react";

import { ExpiryField } from "./ExpiryField.tsx";
import type { Token } from "./token.ts";
import { textOf, useAsk } from "../../app/client.ts";
import { useSending } from "../../edits/sending.ts";
import { UpdateTokenDocument } from "../../gql/tokens.ts";
import { Button } from "../../parts/Button.tsx";
import { CopyOperation } from "../../parts/CopyOperation.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Problems } from "../../parts/Problems.tsx";

interface Props {
  token: Token;
  onClose: () => void;
  onSaved: () => void;
}

/** Changes when a token expires. */
export function EditExpiry({ token, onClose, onSaved }: Props) {
  const ask = useAsk();
  const { isSending, problems, send } = useSending();
  // Changes by other people in the meantime are conflicts, so the revision is that of the first look.
  const [{ id, revision }] = useState(token);
  const [expiresAt, setExpiresAt] = useState(token.expiresAt ?? "");
  const input = { id, expiresAt: expiresAt === "" ? null : expiresAt, expectedRevision: revision };

  async function save() {
    if (await send(async () => (await ask(UpdateTokenDocument, { input })).apiTokenUpdate)) onSaved();
  }

  return (
    <Dialog
      title={`When does ${token.name} expire?`}
      onClose={onClose}
      actions={
        <>
          <CopyOperation operation={() => ({ query: textOf(UpdateTokenDocument), variables: { input } })} />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" keys="Control+Enter" busy={isSending} onClick={() => void save()}>
            Save
          </Button>
        </>
      }
    >
      <Problems problems={problems} />
      <p>The server refuses an expired token. An expired token can be made valid again.</p>
      <ExpiryField value={expiresAt} onChange={setExpiresAt} />
    </Dialog>
  );
}
