import { useState } from "react";

import { testWords } from "./delivery.ts";
import { useAsk } from "../app/client.ts";
import { TestWebhookDocument } from "../gql/webhooks.ts";
import { Button } from "../parts/Button.tsx";
import { useToast } from "../parts/Toast.tsx";

interface Props {
  webhook: { id: string; name: string };
  small?: boolean;
  onTested: () => void;
}

/** Sends a test event to a webhook, and reports the answer of the receiver. */
export function TestButton({ webhook: { id, name }, small = false, onTested }: Props) {
  const ask = useAsk();
  const show = useToast();
  const [isTesting, setTesting] = useState(false);

  async function test() {
    setTesting(true);
    try {
      const { delivery, errors } = (await ask(TestWebhookDocument, { input: { id } })).webhookTest;
      if (delivery) show(testWords(name, delivery));
      else throw new Error(errors[0]?.message);
      onTested();
    } catch (error) {
      show({ text: `Not tested. ${(error as Error).message}`, isFailure: true });
    } finally {
      setTesting(false);
    }
  }

  return (
    <Button small={small} label={`Send a test to ${name}`} busy={isTesting} onClick={() => void test()}>
      {isTesting ? "Sending…" : "Send a test"}
    </Button>
  );
}
