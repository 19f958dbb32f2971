import { useState } from "react";
import type { FormEvent } from "react";

import css from "./SignIn.module.css";
import { Flag } from "./Flag.tsx";
import { Button } from "../parts/Button.tsx";

interface Props {
  reason: string;
  onToken: (token: string) => Promise<void>;
}

// The field has no name and the form has no address, so browsers neither send nor store the token.
export function SignIn({ reason, onToken }: Props) {
  const [token, setToken] = useState("");
  const [asking, setAsking] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!token.trim() || asking) return;
    setAsking(true);
    await onToken(token.trim());
    setAsking(false);
  }

  return (
    <main className={css.page}>
      <title>Sign in · Flagstaff</title>
      <form className={css.card} autoComplete="off" onSubmit={(event) => void submit(event)}>
        <Flag size={34} />
        <h1>Flagstaff</h1>
        <p className={css.lead}>
          Sign in with an API token. An admin token can make changes; a viewer token can only read.
        </p>
        <label className={css.label} htmlFor="token">
          API token
        </label>
        <input
          id="token"
          className={css.field}
          type="password"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          value={token}
          aria-describedby="reason"
          aria-invalid={reason !== ""}
          onChange={(event) => setToken(event.target.value)}
        />
        <p id="reason" className={css.reason} role="alert">
          {reason}
        </p>
        <Button kind="primary" type="submit" busy={asking}>
          Sign in
        </Button>
        <p className={css.hint}>
          The token stays in this browser tab until you sign out or close the tab. A new server
          prints an admin token at its first start. To create another one, run <code>flagstaff token create</code>.
        </p>
      </form>
    </main>
  );
}
