// The search parameters of pages, which the browser tab keeps until the user signs out.
import { useEffect, useState } from "react";
import { useSearchParams } from "wouter";

import { BASE } from "./base.ts";

const PREFIX = `flagstaff:parameters:${BASE}:`;

/**
 * Keep the search parameters of a page. If the page opens without parameters, it gets those with which the user
 * left it. Return whether the address has its parameters.
 */
export function useKeptParameters(page: string): boolean {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const [isReady, setReady] = useState(() => text !== "" || read(page) === "");
  useEffect(() => {
    if (isReady) {
      write(page, text);
      return;
    }
    setParams(new URLSearchParams(read(page)), { replace: true });
    // eslint-disable-next-line react/set-state-in-effect -- the state follows the address, which is outside of React
    setReady(true);
  }, [page, text, isReady, setParams]);
  return isReady;
}

/** Forget the parameters of all pages. They may contain data about users. */
export function forgetParameters(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // Nothing is stored.
  }
}

// Browsers may refuse storage. In this case pages open without parameters.
function read(page: string): string {
  try {
    return sessionStorage.getItem(PREFIX + page) ?? "";
  } catch {
    return "";
  }
}

function write(page: string, text: string): void {
  try {
    sessionStorage.setItem(PREFIX + page, text);
  } catch {
    // Nothing is stored.
  }
}
