// Whether the server is healthy, according to the routes that load balancers ask.
import { useCallback, useEffect, useState } from "react";

import { API } from "../../app/base.ts";

/** The answer of `/ready`. A server that has not loaded its toggles yet sends only `ready`. */
export interface Readiness {
  ready: boolean;
  draining?: boolean;
  database?: "available" | "unavailable";
  /** The time since the toggles were last compared with the database. */
  ageSeconds?: number;
  problem?: string;
}

export interface Health {
  tone: "good" | "warn" | "bad";
  words: string;
  details: string;
}

/** Return what the answer of `/ready` means; undefined means that there is no answer. */
export function healthOf(readiness: Readiness | undefined): Health {
  if (!readiness) return { tone: "bad", words: "no answer", details: "The server does not answer." };
  const { ready, draining, database, ageSeconds, problem } = readiness;
  if (draining) return { tone: "warn", words: "stopping", details: "The server is stopping, and takes no new requests." };
  if (database === "unavailable") {
    const reason = problem === undefined ? "" : ` ${problem}`;
    const words = "Applications still get their toggles, but nothing can be changed.";
    return { tone: "warn", words: "without its database", details: `${words}${reason}` };
  }
  if (!ready) return { tone: "warn", words: "not ready", details: problem ?? "The server has not loaded its toggles yet." };
  const seconds = Math.round(ageSeconds ?? 0);
  const since = seconds === 1 ? "1 second" : `${seconds} seconds`;
  const age = ageSeconds === undefined ? "" : ` They were compared with the database ${since} ago.`;
  return { tone: "good", words: "healthy", details: `Applications get their toggles.${age}` };
}

/** Ask the server for its health now and whenever `again` is called. Undefined means that no answer has come yet. */
export function useHealth(): { health: Health | undefined; again: () => void } {
  const [health, setHealth] = useState<Health>();
  const check = useCallback(async (signal?: AbortSignal) => {
    const found = await readHealth(signal);
    if (!signal?.aborted) setHealth(found);
  }, []);
  useEffect(() => {
    const controller = new AbortController();
    // eslint-disable-next-line react/set-state-in-effect -- the state changes after the answer
    void check(controller.signal);
    return () => controller.abort();
  }, [check]);
  return { health, again: useCallback(() => void check(), [check]) };
}

async function readHealth(signal?: AbortSignal): Promise<Health> {
  try {
    const response = await fetch(new URL("ready", API), { credentials: "omit", ...(signal && { signal }) });
    return healthOf((await response.json()) as Readiness);
  } catch {
    return healthOf(undefined);
  }
}
