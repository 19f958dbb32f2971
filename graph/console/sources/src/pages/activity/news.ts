import { useState } from "react";

import type { EventRowFragment } from "../../gql/activity.ts";

/** The point in the log from which events are new. */
interface Anchor {
  /** The number of the newest event that the list shows; unknown until the first page is loaded. */
  number: number | undefined;
  /** The cursor after which to follow the log; null for events from now on. */
  cursor: string | null;
}

interface Loaded {
  rows: readonly EventRowFragment[];
  startCursor: string | null;
  isFirstPage: boolean;
  /** Whether the rows are the answer for the current filter and page. */
  isSettled: boolean;
}

export interface News {
  /** The rows to show. New events are left out until the user asks for them. */
  rows: readonly EventRowFragment[];
  /** The number of events that are newer than the list. */
  count: number;
  /** The cursor after which to follow the log; undefined until the log is loaded. */
  cursor: string | null | undefined;
  onNumber: (number: number) => void;
  /** Include the new events in the rows. */
  accept: () => void;
}

/** Count new events instead of inserting them, so that the list does not move under the reader. */
export function useNews({ rows, startCursor, isFirstPage, isSettled }: Loaded): News {
  const [anchor, setAnchor] = useState<Anchor>();
  const [received, setReceived] = useState<ReadonlySet<number>>(new Set());
  if (isSettled && anchor === undefined) {
    setAnchor({ number: isFirstPage ? newestOf(rows) : undefined, cursor: isFirstPage ? startCursor : null });
  } else if (isSettled && isFirstPage && anchor && anchor.number === undefined) {
    setAnchor({ ...anchor, number: newestOf(rows) });
  }

  const number = anchor?.number;
  const isNew = (each: number) => number === undefined || each > number;
  const hidden = isFirstPage && number !== undefined ? rows.filter((row) => isNew(row.number)) : [];
  const fresh = new Set([...[...received].filter(isNew), ...hidden.map((row) => row.number)]);
  return {
    rows: hidden.length > 0 ? rows.filter((row) => !isNew(row.number)) : rows,
    count: fresh.size,
    cursor: anchor?.cursor,
    onNumber: (each) => setReceived((before) => new Set([...before, each])),
    accept: () => {
      if (anchor) setAnchor({ ...anchor, number: Math.max(...fresh) });
      setReceived(new Set());
    },
  };
}

function newestOf(rows: readonly EventRowFragment[]): number {
  return rows[0]?.number ?? 0;
}
