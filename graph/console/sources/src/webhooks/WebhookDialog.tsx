import { useState } from "react";

import { creationOf, draftOf, NEW_WEBHOOK, updateOf } from "./webhook.ts";
import type { WebhookDraft } from "./webhook.ts";
import { WebhookFields } from "./WebhookFields.tsx";
import { textOf, useAsk } from "../app/client.ts";
import type { Ask } from "../app/client.ts";
import type { Operation } from "../app/operation.ts";
import { useSending } from "../edits/sending.ts";
import type { Refusal } from "../edits/sending.ts";
import { CreateWebhookDocument, UpdateWebhookDocument } from "../gql/webhooks.ts";
import type { CreateWebhookMutation, WebhookPartsFragment } from "../gql/webhooks.ts";
import { Button } from "../parts/Button.tsx";
import { CopyOperation } from "../parts/CopyOperation.tsx";
import { Dialog } from "../parts/Dialog.tsx";

export type CreatedWebhook = CreateWebhookMutation["webhookCreate"];

interface CreateProps {
  onClose: () => void;
  onCreated: (created: CreatedWebhook) => void;
}

/** The form for a new webhook. */
export function CreateWebhook({ onClose, onCreated }: CreateProps) {
  return (
    <WebhookDialog
      title="New webhook"
      answer="Create the webhook"
      first={NEW_WEBHOOK}
      operationOf={(draft) => ({ query: textOf(CreateWebhookDocument), variables: { input: creationOf(draft) } })}
      save={async (ask, draft) => (await ask(CreateWebhookDocument, { input: creationOf(draft) })).webhookCreate}
      onClose={onClose}
      onSaved={onCreated}
    />
  );
}

interface EditProps {
  webhook: WebhookPartsFragment;
  onClose: () => void;
  onSaved: () => void;
}

/** The form for a webhook that exists. */
export function EditWebhook({ webhook, onClose, onSaved }: EditProps) {
  // Changes by other people in the meantime are conflicts, so the revision is that of the first look.
  const [before] = useState(webhook);
  return (
    <WebhookDialog
      title={`Edit ${before.name}`}
      answer="Save"
      first={draftOf(before)}
      operationOf={(draft) => ({ query: textOf(UpdateWebhookDocument), variables: { input: updateOf(before, draft) } })}
      save={async (ask, draft) => (await ask(UpdateWebhookDocument, { input: updateOf(before, draft) })).webhookUpdate}
      onClose={onClose}
      onSaved={onSaved}
    />
  );
}

interface Props<Saved> {
  title: string;
  /** The words of the button that saves. */
  answer: string;
  /** What the form shows at first. */
  first: WebhookDraft;
  operationOf: (draft: WebhookDraft) => Operation;
  save: (ask: Ask, draft: WebhookDraft) => Promise<Saved>;
  onClose: () => void;
  onSaved: (saved: Saved) => void;
}

function WebhookDialog<Saved extends { errors: readonly Refusal[] }>(props: Props<Saved>) {
  const { title, answer, first, operationOf, save, onClose, onSaved } = props;
  const ask = useAsk();
  const { isSending, problems, send } = useSending();
  const [draft, setDraft] = useState(first);
  const isComplete = draft.name.trim() !== "" && draft.receiverUrl.trim() !== "";

  async function submit() {
    const saved = await send(() => save(ask, draft));
    if (saved) onSaved(saved);
  }

  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <CopyOperation operation={() => operationOf(draft)} />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            keys="Control+Enter"
            disabled={!isComplete}
            busy={isSending}
            onClick={() => void submit()}
          >
            {answer}
          </Button>
        </>
      }
    >
      <WebhookFields
        draft={draft}
        problems={problems}
        onChange={(fields) => setDraft((before) => ({ ...before, ...fields }))}
      />
    </Dialog>
  );
}
