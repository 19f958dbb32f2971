import { useEffect, useRef } from "react";

import { useLive } from "../app/client.ts";
import { ChangeSetEventsDocument } from "../gql/edits.ts";
import type { EventType } from "../gql/edits.ts";

const TYPES: EventType[] = [
  "CHANGE_SET_SCHEDULED",
  "CHANGE_SET_APPLIED",
  "CHANGE_SET_STEP_APPLIED",
  "CHANGE_SET_PAUSED",
  "CHANGE_SET_RESUMED",
  "CHANGE_SET_CANCELLED",
  "CHANGE_SET_REFUSED",
];
const VARIABLES = { filter: { types: TYPES } };
const SETTLED_MS = 300;

/** Run a function when change sets were made or changed their state. */
export function useChangeSetEvents(run: () => void): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(ChangeSetEventsDocument, VARIABLES, () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(run, SETTLED_MS);
  });
}
