import { decodeSegment } from "./address.ts";

/** The last segment of the address at which an object is created. */
export const NEW = "new";

/** Return the address of the page of an object with a name, below the address of the list of such objects. */
export function namedAddress(list: string, name: string): string {
  // The router decodes addresses, except for separators such as `%2F`, before it compares them.
  if (name === NEW) return `${list}/%256Eew`;
  return `${list}/${encodeURIComponent(name).replaceAll("%25", "%2525")}`;
}

/** Return the name of the object from a segment of an address, as the router passes it to pages. */
export function nameInAddress(segment: string): string {
  return decodeSegment(segment);
}
