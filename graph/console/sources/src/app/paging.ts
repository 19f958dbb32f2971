// The pages of lists. The address contains the cursor at which the current page begins or ends.
import type { Address, Changes } from "./address.ts";

interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor?: string | null;
  endCursor?: string | null;
}

/** The changes of an address that show the first page. */
export const FIRST_PAGE = { after: null, before: null };

/** Return the arguments of a connection for the page that the cursors of an address name. */
export function pageArguments(size: number, after: string, before: string) {
  return before ? { last: size, before } : { first: size, after: after || null };
}

/** Return the properties of `Pager`, which changes the address. Turning the page also makes the `others`. */
export function turningIn({ change }: Pick<Address, "change">, info: PageInfo, others: Changes = {}) {
  const turn = (cursors: Changes) => () => change({ ...FIRST_PAGE, ...cursors, ...others }, "push");
  return {
    onPrevious: info.hasPreviousPage ? turn({ before: info.startCursor ?? null }) : undefined,
    onNext: info.hasNextPage ? turn({ after: info.endCursor ?? null }) : undefined,
  };
}
