import { useMemo } from "react";

import { PAGE_SIZE } from "./ListPage.tsx";
import type { List } from "./ListPage.tsx";
import { localList } from "./localList.ts";
import { useAddress } from "../app/address.ts";

/**
 * Return the page that the address names of the items that its search finds; undefined until the items are loaded.
 * `textsOf` must be defined outside of components.
 */
export function useLocalList<Item>(
  items: readonly Item[] | undefined,
  textsOf: (item: Item) => readonly string[],
): List<Item> | undefined {
  const address = useAddress();
  const [q, after, before] = [address.one("q"), address.one("after"), address.one("before")];
  return useMemo(
    () => items && localList(items, textsOf, { q, after, before }, PAGE_SIZE),
    [items, textsOf, q, after, before],
  );
}
