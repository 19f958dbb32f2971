import { SecretDialog } from "../parts/SecretDialog.tsx";

interface Props {
  name: string;
  secret: string;
  onClose: () => void;
}

/** Shows the secret of a webhook, with which its receiver checks signatures. */
export function WebhookSecret({ name, secret, onClose }: Props) {
  return (
    <SecretDialog name={name} secret={secret} onClose={onClose}>
      <p>
        Each request is signed with the secret. A program of yours compares the signature in the header{" "}
        <code>webhook-signature</code>, as the Standard Webhooks specification describes, before it believes a request.
      </p>
      <p>Slack and Microsoft Teams do not check signatures. For them, you do not need the secret.</p>
    </SecretDialog>
  );
}
