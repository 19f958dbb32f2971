import { useMemo } from "react";

import { useAddress } from "./address.ts";
import { pageArguments } from "./paging.ts";

/** Return the arguments of a connection for the page that the cursors `after` and `before` of the address name. */
export function usePageArguments(size: number): ReturnType<typeof pageArguments> {
  const address = useAddress();
  const [after, before] = [address.one("after"), address.one("before")];
  return useMemo(() => pageArguments(size, after, before), [size, after, before]);
}
