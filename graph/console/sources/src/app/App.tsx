import { Router } from "wouter";

import { BASE } from "./base.ts";
import { aroundNavigation } from "./leaving.ts";
import { Pages } from "./Pages.tsx";
import { SessionProvider } from "./session.tsx";
import { Shell } from "./Shell.tsx";
import { SignIn } from "./SignIn.tsx";
import { Unreachable } from "./Unreachable.tsx";
import { ToastProvider } from "../parts/Toast.tsx";

export function App() {
  return (
    <Router base={BASE} aroundNav={aroundNavigation}>
      <SessionProvider
        checking={<div role="status" className="hidden">Connecting</div>}
        unreachable={(onRetry) => <Unreachable onRetry={onRetry} />}
        signIn={(reason, onToken) => <SignIn reason={reason} onToken={onToken} />}
      >
        <ToastProvider>
          <Shell>
            <Pages />
          </Shell>
        </ToastProvider>
      </SessionProvider>
    </Router>
  );
}
