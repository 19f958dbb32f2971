// Questions before changes of a webhook that cannot be undone.
import { useLocation } from "wouter";

import { textOf, useAsk } from "../../app/client.ts";
import { useSending } from "../../edits/sending.ts";
import { DeleteWebhookDocument, UpdateWebhookDocument } from "../../gql/webhooks.ts";
import { Button } from "../../parts/Button.tsx";
import { CopyOperation } from "../../parts/CopyOperation.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Problems } from "../../parts/Problems.tsx";
import { useToast } from "../../parts/Toast.tsx";

interface Props {
  webhook: { id: string; name: string };
  onClose: () => void;
}

/** Asks before a webhook is deleted. */
export function DeleteWebhook({ webhook: { id, name }, onClose }: Props) {
  const ask = useAsk();
  const show = useToast();
  const [, navigate] = useLocation();
  const { isSending, problems, send } = useSending();
  const input = { id };

  async function remove() {
    if (!(await send(async () => (await ask(DeleteWebhookDocument, { input })).webhookDelete))) return;
    show({ text: `Deleted ${name}.` });
    navigate("/webhooks");
  }

  return (
    <Dialog
      title={`Delete ${name}?`}
      onClose={onClose}
      actions={
        <>
          <CopyOperation operation={() => ({ query: textOf(DeleteWebhookDocument), variables: { input } })} />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" keys="Control+Enter" busy={isSending} onClick={() => void remove()}>
            Delete the webhook
          </Button>
        </>
      }
    >
      <Problems problems={problems} />
      <p>Its deliveries are deleted too, also those that are waiting. This cannot be undone.</p>
      <p>To send nothing for a while, switch the webhook off instead.</p>
    </Dialog>
  );
}

interface ReplaceProps extends Props {
  onReplaced: (secret: string) => void;
}

/** Asks before the secret of a webhook is replaced. */
export function ReplaceSecret({ webhook: { id, name }, onClose, onReplaced }: ReplaceProps) {
  const ask = useAsk();
  const { isSending, problems, send } = useSending();
  const input = { id, rotateSecret: true };

  async function replace() {
    const answer = await send(async () => (await ask(UpdateWebhookDocument, { input })).webhookUpdate);
    if (answer && answer.secret !== null) onReplaced(answer.secret);
  }

  return (
    <Dialog
      title={`Replace the secret of ${name}?`}
      onClose={onClose}
      actions={
        <>
          <CopyOperation operation={() => ({ query: textOf(UpdateWebhookDocument), variables: { input } })} />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" keys="Control+Enter" busy={isSending} onClick={() => void replace()}>
            Replace the secret
          </Button>
        </>
      }
    >
      <Problems problems={problems} />
      <p>From now on, requests are signed with a new secret. A receiver with the old secret refuses them.</p>
    </Dialog>
  );
}
