// Asks before somebody leaves a page on which something is not saved.
import { useCallback, useEffect, useRef, useState } from "react";
import type { AroundNavHandler } from "wouter";

type Go = () => void;

// The guard of the page. It decides when to go to the next page.
let guard: ((go: Go) => void) | undefined;

/** Navigate, unless the page has a guard that asks first. Changes of search parameters need no question. */
export const aroundNavigation: AroundNavHandler = (navigate, to, options) => {
  const go = () => navigate(to, options);
  if (guard && new URL(to, location.href).pathname !== location.pathname) guard(go);
  else go();
};

/** Let the browser warn before the page is closed or loaded again, if `isUnsafe` returns true. */
export function useUnloadWarning(isUnsafe: () => boolean): void {
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

  // The address of this page, because the browser has already changed it when `popstate` is reported.
  const here = useRef("");
  useEffect(() => {
    here.current = location.href;
  });

  useEffect(() => {
    if (!isUnsaved) return undefined;
    const ask = (next: Go) => setGo(() => next);
    const onPopState = (event: PopStateEvent) => {
      if (guard !== ask || location.pathname === new URL(here.current).pathname) return;
      // The router must not notice that the browser went to another address.
      event.stopImmediatePropagation();
      history.pushState(null, "", here.current);
      ask(() => history.back());
    };
    guard = ask;
    window.addEventListener("popstate", onPopState, { capture: true });
    return () => {
      if (guard === ask) guard = undefined;
      window.removeEventListener("popstate", onPopState, { capture: true });
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
