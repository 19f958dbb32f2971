import { Empty } from "../parts/Empty.tsx";

/** What the pages of webhooks show if the token may not read webhooks. */
export function UnreadableWebhooks() {
  return (
    <Empty title="Your token does not read webhooks">
      <p>Sign in with an admin token to see and change the webhooks of this server.</p>
    </Empty>
  );
}
