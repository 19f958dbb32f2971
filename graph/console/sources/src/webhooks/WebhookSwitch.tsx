import { useState } from "react";

import { useAsk } from "../app/client.ts";
import { UpdateWebhookDocument } from "../gql/webhooks.ts";
import { Confirmation } from "../parts/Confirmation.tsx";
import { Switch } from "../parts/Switch.tsx";
import { useToast } from "../parts/Toast.tsx";

interface Props {
  webhook: { id: string; name: string; enabled: boolean };
  onChanged: () => void;
}

/** Enables a webhook at once, or disables it after a question, because it misses the events in the meantime. */
export function WebhookSwitch({ webhook: { id, name, enabled }, onChanged }: Props) {
  const ask = useAsk();
  const show = useToast();
  const [isAsking, setAsking] = useState(false);

  async function set(on: boolean) {
    setAsking(false);
    try {
      const { errors } = (await ask(UpdateWebhookDocument, { input: { id, enabled: on } })).webhookUpdate;
      if (errors[0]) throw new Error(errors[0].message);
      show({ text: on ? `${name} gets events from now on.` : `${name} gets no more events.` });
    } catch (error) {
      show({ text: `Not changed. ${(error as Error).message}`, isFailure: true });
    }
    onChanged();
  }

  return (
    <>
      <Switch label={`Send events to ${name}`} on={enabled} onChange={(on) => (on ? void set(on) : setAsking(true))} />
      {isAsking && (
        <Confirmation
          question={`Send no more events to ${name}?`}
          answer="Switch off"
          onNo={() => setAsking(false)}
          onYes={() => void set(false)}
        >
          <p>Events that happen while the webhook is off are never sent to it.</p>
          <p>Deliveries that are waiting now are sent after you switch the webhook on again.</p>
        </Confirmation>
      )}
    </>
  );
}
