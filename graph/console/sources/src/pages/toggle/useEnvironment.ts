import { useEffect, useState } from "react";

import type { Toggle } from "./toggle.ts";
import { BASE } from "../../app/base.ts";

type Configuration = Toggle["environments"][number];

// A proxy may serve several servers with different environments under one host name.
const KEY = `flagstaff:environment:${BASE}`;

/**
 * Return the configuration to show: that of the address, that of the environment that this browser tab showed last, the
 * first one for production, or the first one.
 */
export function useEnvironment(configurations: readonly Configuration[], inAddress: string): Configuration | undefined {
  const [last] = useState(readLast);
  const named = (name: string) => configurations.find(({ environment }) => environment.name === name);
  const addressed = named(inAddress);
  const chosen = addressed?.environment.name;
  useEffect(() => {
    if (chosen !== undefined) writeLast(chosen);
  }, [chosen]);
  const production = configurations.find(({ environment }) => environment.type === "PRODUCTION");
  return addressed ?? named(last) ?? production ?? configurations[0];
}

// Browsers may refuse storage. In this case, toggles open with production.
function readLast(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

function writeLast(name: string): void {
  try {
    sessionStorage.setItem(KEY, name);
  } catch {
    // Nothing is stored.
  }
}
