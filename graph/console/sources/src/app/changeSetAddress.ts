import { decodeSegment } from "./address.ts";

/** Return the address of a change set's page, below the address of the console. */
export function changeSetAddress(id: string): string {
  return `/change-sets/${encodeURIComponent(id)}`;
}

/** Return the ID of the change set from a segment of an address, as the router passes it to pages. */
export function changeSetId(segment: string): string {
  return decodeSegment(segment);
}
