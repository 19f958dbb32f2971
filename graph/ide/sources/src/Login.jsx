import { useState } from "react";

// The field has no name and the form no address, so that browsers neither send nor save the token.
export function Login({ problem, onToken }) {
  const [asking, setAsking] = useState(false);

  async function submit(event) {
    event.preventDefault();
    const token = event.currentTarget.elements.token.value.trim();
    if (!token) return;
    setAsking(true);
    await onToken(token);
    setAsking(false);
  }

  return (
    <form className="login" autoComplete="off" onSubmit={submit}>
      <h1>GraphiQL</h1>
      <label htmlFor="token">API token</label>
      <input id="token" type="password" autoComplete="off" spellCheck={false} autoFocus />
      <p className="problem" role="alert">
        {problem}
      </p>
      <button type="submit" disabled={asking}>
        Sign in
      </button>
      <p className="hint">
        An admin token can read and change everything, a viewer token can only read. The token is
        stored in this browser tab until you sign out or close the tab. Create a new token with{" "}
        <code>flagstaff token create</code>.
      </p>
    </form>
  );
}
