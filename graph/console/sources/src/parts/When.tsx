import { useSyncExternalStore } from "react";

import { sinceWords, spanWords } from "./since.ts";

const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const MINUTE_MS = 60_000;

interface Props {
  /** A time of the API; null is shown as `never`. */
  time: string | null;
  never?: string;
}

/** How long ago something happened, with the exact time as a tooltip. */
export function When({ time, never = "never" }: Props) {
  const now = useNow();
  if (time === null) return <>{never}</>;
  return (
    <time dateTime={time} title={FULL.format(new Date(time))}>
      {sinceWords(now - Date.parse(time))}
    </time>
  );
}

/** How long something has lasted since a time of the API, with the exact time as a tooltip. */
export function HowLong({ since }: { since: string }) {
  const now = useNow();
  return (
    <time dateTime={since} title={`since ${FULL.format(new Date(since))}`}>
      {spanWords(now - Date.parse(since))}
    </time>
  );
}

/** Return the current time in milliseconds, which is updated while the component is mounted. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, readNow);
}

// One timer serves all times on the page.
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    timer = setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, MINUTE_MS / 4);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

function readNow(): number {
  // Without a running timer, the stored time is out of date.
  if (listeners.size === 0) now = Date.now();
  return now;
}
