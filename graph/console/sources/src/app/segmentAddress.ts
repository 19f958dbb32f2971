import { decodeSegment } from "./address.ts";

/** Return the address of a segment's page, below the address of the console. */
export function segmentAddress(id: string): string {
  return `/segments/${encodeURIComponent(id)}`;
}

/** Return the ID of the segment from a part of an address, as the router passes it to pages. */
export function segmentId(part: string): string {
  return decodeSegment(part);
}
