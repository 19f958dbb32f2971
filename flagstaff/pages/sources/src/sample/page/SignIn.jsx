import { useState } from "preact/hooks";

// The field has no name and the form no address, so that browsers neither send nor save the token.
export function SignIn({ problem, onToken }) {
  const [checking, setChecking] = useState(false);

  async function submit(event) {
    event.preventDefault();
    const token = event.currentTarget.elements.token.value.trim();
    if (!token) return;
    setChecking(true);
    await onToken(token);
    setChecking(false);
  }

  return (
    <form class="panel sign-in" autocomplete="off" onSubmit={submit}>
      <div>
        <label for="token">Admin token</label>
        <input id="token" type="password" autocomplete="off" spellcheck={false} />
      </div>
      <button class="primary" type="submit" disabled={checking}>
        Sign in
      </button>
      <p class="problem" role="alert">
        {problem}
      </p>
      <p class="hint">
        The token is kept in this browser tab until you sign out or close the tab.
        <code>flagstaff token create</code> makes a new one.
      </p>
    </form>
  );
}
