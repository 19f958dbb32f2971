import { decodeSegment } from "./address.ts";

/** Return the address of a toggle's page, below the address of the console. */
export function toggleAddress(name: string): string {
  // `/toggles/new` creates a toggle. The router decodes addresses, except for separators such as `%2F`, before
  // it compares them.
  if (name === "new") return "/toggles/%256Eew";
  return `/toggles/${encodeURIComponent(name).replaceAll("%25", "%2525")}`;
}

/** Return the name of the toggle from a segment of an address, as the router passes it to pages. */
export function toggleName(segment: string): string {
  return decodeSegment(segment);
}
