import { createContext, use, useCallback, useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

import { BASE } from "./base.ts";
import { forgetParameters } from "./keptParameters.ts";
import { ask, connect, ConnectionProvider } from "./client.ts";
import type { Connection } from "./client.ts";
import { WhoAmIDocument } from "../gql/app.ts";
import type { WhoAmIQuery } from "../gql/app.ts";

export type Viewer = WhoAmIQuery["viewer"];

interface Session {
  viewer: Viewer;
  signOut: () => void;
}

type State =
  | { step: "checking" }
  | { step: "unreachable"; token: string }
  | { step: "signed out"; reason: string }
  | { step: "signed in"; viewer: Viewer; connection: Connection };

interface Props {
  /** The form to show while nobody is signed in. */
  signIn: (reason: string, onToken: (token: string) => Promise<void>) => ReactNode;
  /** The element to show until the server has answered. */
  checking: ReactNode;
  /** The element to show if the server does not answer. */
  unreachable: (onRetry: () => void) => ReactNode;
  children: ReactNode;
}

const SessionContext = createContext<Session | undefined>(undefined);

// A proxy may serve several servers under one host name. A server must not get the token of another server.
const KEY = `flagstaff:token:${BASE}`;

/** Show the children once the server has accepted the token. The token may be empty. */
export function SessionProvider({ signIn, checking, unreachable, children }: Props) {
  const [state, setState] = useState<State>({ step: "checking" });
  const connection = useRef<Connection>(undefined);

  const leave = useCallback((reason: string) => {
    writeToken("");
    forgetParameters();
    connection.current?.close();
    connection.current = undefined;
    setState({ step: "signed out", reason });
  }, []);

  const enter = useCallback(
    async (token: string) => {
      const opened = connect(token, (reason) => {
        if (connection.current === opened) leave(`You were signed out: ${reason}`);
      });
      try {
        const { viewer } = await ask(opened, WhoAmIDocument, {});
        writeToken(token);
        connection.current?.close();
        connection.current = opened;
        opened.listen();
        setState({ step: "signed in", viewer, connection: opened });
      } catch (error) {
        const isUnreachable = opened.liveness.get() === "waiting";
        // Without a token, the request only determines whether this server requires a token.
        const reason = token ? (error as Error).message : "";
        setState(isUnreachable ? { step: "unreachable", token } : { step: "signed out", reason });
      }
    },
    [leave],
  );

  useEffect(() => {
    // eslint-disable-next-line react/set-state-in-effect -- the state changes after the answer
    void enter(readToken());
  }, [enter]);

  if (state.step === "checking") return checking;
  if (state.step === "unreachable") return unreachable(() => void enter(state.token));
  if (state.step === "signed out") return signIn(state.reason, enter);
  return (
    <SessionContext value={{ viewer: state.viewer, signOut: () => leave("") }}>
      <ConnectionProvider value={state.connection}>{children}</ConnectionProvider>
    </SessionContext>
  );
}

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("There is no session outside of SessionProvider.");
  return session;
}

// Browsers may refuse storage. In this case the token is forgotten when the page is closed.
function readToken(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

function writeToken(token: string): void {
  try {
    if (token) sessionStorage.setItem(KEY, token);
    else sessionStorage.removeItem(KEY);
  } catch {
    // Nothing is stored.
  }
}
