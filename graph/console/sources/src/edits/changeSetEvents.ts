import { useEvents } from "./events.ts";
import type { EventType } from "../gql/edits.ts";

const TYPES: readonly EventType[] = [
  "CHANGE_SET_SCHEDULED",
  "CHANGE_SET_APPLIED",
  "CHANGE_SET_STEP_APPLIED",
  "CHANGE_SET_PAUSED",
  "CHANGE_SET_RESUMED",
  "CHANGE_SET_CANCELLED",
  "CHANGE_SET_REFUSED",
];

/** Run a function when change sets were made or changed their state. */
export function useChangeSetEvents(run: () => void): void {
  useEvents(TYPES, run);
}
