import { useCallback, useEffect, useState } from "react";

import { connect, whoHolds } from "./connection.js";
import { Editor } from "./Editor.jsx";
import { takeLinkedOperation } from "./linked.js";
import { Login } from "./Login.jsx";
import { keepToken, readToken } from "./token.js";

const CHECKING = { step: "checking" };

function roleOf(viewer) {
  const { actor, tokenType, canWrite } = viewer;
  const rights = canWrite ? "reads and changes" : "reads only";
  return tokenType ? `${actor.name} (${tokenType.toLowerCase()} token, ${rights})` : "No token needed";
}

// With another key, React creates a new editor, which opens the new linked operation.
function keyOf(linked) {
  return linked ? JSON.stringify(linked) : "";
}

export function Page() {
  const [session, setSession] = useState(CHECKING);
  const [linked, setLinked] = useState(takeLinkedOperation);

  // The address may change while the page is open.
  useEffect(() => {
    const open = () => setLinked((before) => takeLinkedOperation() ?? before);
    window.addEventListener("hashchange", open);
    return () => window.removeEventListener("hashchange", open);
  }, []);

  const signOut = useCallback((problem = "") => {
    keepToken("");
    setLinked(null);
    setSession({ step: "login", problem });
  }, []);

  const signIn = useCallback(
    async (token) => {
      try {
        const viewer = await whoHolds(token);
        keepToken(token);
        const refused = () => signOut("The server no longer accepts this token.");
        setSession({ step: "editor", viewer, connection: connect(token, refused) });
      } catch (error) {
        setSession({ step: "login", problem: error.message });
      }
    },
    [signOut],
  );

  useEffect(() => {
    signIn(readToken());
  }, [signIn]);

  const { connection } = session;
  useEffect(() => () => connection?.close(), [connection]);

  return (
    <>
      <header className="bar">
        <strong>Flagstaff</strong>
        {session.step === "editor" && (
          <>
            <span className="role" role="status">
              {roleOf(session.viewer)}
            </span>
            {session.viewer.tokenType && (
              <button type="button" onClick={() => signOut()}>
                Sign out
              </button>
            )}
          </>
        )}
      </header>
      <main>
        {session.step === "login" && <Login problem={session.problem} onToken={signIn} />}
        {session.step === "editor" && (
          <Editor key={keyOf(linked)} fetcher={connection.fetcher} linked={linked} />
        )}
      </main>
    </>
  );
}
