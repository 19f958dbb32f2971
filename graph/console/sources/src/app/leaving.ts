// Asks before somebody leaves a page on which something is not saved.
import { useCallback, useEffect, useState } from "react";
import type { AroundNavHandler } from "wouter";

type Go = () => void;

interface Guard {
  /** Asks, and goes to the next page if the answer is yes. */
  ask: (go: Go) => void;
  /** The last address of the page. */
  here: string;
}

let guard: Guard | undefined;

/** Navigate, unless the page has a guard that asks first. Changes of search parameters need no question. */
export const aroundNavigation: AroundNavHandler = (navigate, to, options) => {
  const go = () => {
    navigate(to, options);
    if (guard) guard.here = location.href;
  };
  if (guard && new URL(to, location.href).pathname !== location.pathname) guard.ask(go);
  else go();
};

/** Ask before the buttons of the browser leave a guarded page. Call this before the router follows the browser. */
export function guardHistory(): void {
  window.addEventListener("popstate", (event) => {
    if (!guard) return;
    const { ask, here } = guard;
    if (location.pathname === new URL(here).pathname) {
      guard.here = location.href;
      return;
    }
    // The router must not notice that the browser has already gone to another address.
    event.stopImmediatePropagation();
    history.pushState(null, "", here);
    ask(() => history.back());
  });
}

/** Let the browser warn before the page is closed or loaded again, if `isUnsafe` returns true. */
function useUnloadWarning(isUnsafe: () => boolean): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (isUnsafe()) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isUnsafe]);
}

export interface Leaving {
  /** Whether somebody is about to leave. */
  isAsking: boolean;
  stay: () => void;
  leave: () => void;
}

/** Ask before somebody leaves the page while `isUnsaved` is true. */
export function useLeaving(isUnsaved: boolean): Leaving {
  const [go, setGo] = useState<Go>();
  useUnloadWarning(useCallback(() => isUnsaved, [isUnsaved]));

  useEffect(() => {
    if (!isUnsaved) return undefined;
    const own: Guard = { ask: (next) => setGo(() => next), here: location.href };
    guard = own;
    return () => {
      if (guard === own) guard = undefined;
    };
  }, [isUnsaved]);

  return {
    isAsking: go !== undefined,
    stay: () => setGo(undefined),
    leave: () => {
      setGo(undefined);
      guard = undefined;
      go?.();
    },
  };
}
