// Pages of lists that the API returns as a whole.
import type { List } from "./ListPage.tsx";

interface Place {
  /** The search text. */
  q: string;
  after: string;
  before: string;
}

/** Return a page of the items whose texts contain the search text, ignoring case. Cursors are positions. */
export function localList<Item>(
  items: readonly Item[],
  textsOf: (item: Item) => readonly string[],
  { q, after, before }: Place,
  size: number,
): List<Item> {
  const sought = q.trim().toLowerCase();
  const found = items.filter((item) => textsOf(item).some((text) => text.toLowerCase().includes(sought)));
  const end = positionOf(before);
  const start = end === undefined ? (positionOf(after) ?? 0) : Math.max(end - size, 0);
  const nodes = found.slice(start, end ?? start + size);
  return {
    totalCount: found.length,
    nodes,
    pageInfo: {
      hasPreviousPage: start > 0,
      hasNextPage: start + nodes.length < found.length,
      startCursor: String(start),
      endCursor: String(start + nodes.length),
    },
  };
}

function positionOf(cursor: string): number | undefined {
  return /^\d{1,9}$/.test(cursor) ? Number(cursor) : undefined;
}
