import { useEffect, useRef, useState } from "react";

import { useLive } from "../../app/client.ts";
import { CleanUpChangesDocument } from "../../gql/cleanUp.ts";

const NOTHING = {};
const SETTLED_MS = 500;

/** Return a number that grows after toggles have changed. */
export function useCleanUpChanges(): number {
  const [version, setVersion] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(CleanUpChangesDocument, NOTHING, () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setVersion((before) => before + 1), SETTLED_MS);
  });
  return version;
}
