import { useEffect } from "react";

import type { Delivery } from "./delivery.ts";
import { EVENT_TYPES } from "../app/eventTypes.ts";
import { useEvents } from "../edits/events.ts";

const SHORTEST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/** Run a function when the state of deliveries may have changed: after each event, and while one of them waits. */
export function useDeliveries(deliveries: readonly Pick<Delivery, "nextAttemptAt">[], run: () => void): void {
  useEvents(EVENT_TYPES, run);
  const times = deliveries.flatMap(({ nextAttemptAt }) => (nextAttemptAt === null ? [] : [Date.parse(nextAttemptAt)]));
  const due = times.length === 0 ? undefined : Math.min(...times);
  useEffect(() => {
    if (due === undefined) return undefined;
    const wait = Math.min(Math.max(due - Date.now(), SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
    const timer = setInterval(run, wait);
    return () => clearInterval(timer);
  }, [due, run]);
}
