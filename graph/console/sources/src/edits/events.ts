import { useEffect, useMemo, useRef } from "react";

import { useLive } from "../app/client.ts";
import { FollowEventsDocument } from "../gql/edits.ts";
import type { EventType } from "../gql/edits.ts";

const SETTLED_MS = 300;

/** Run a function shortly after events of some types. Many events at once run the function once. */
export function useEvents(types: readonly EventType[], run: () => void): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const variables = useMemo(() => ({ filter: { types: [...types] } }), [types]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(FollowEventsDocument, variables, () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(run, SETTLED_MS);
  });
}
