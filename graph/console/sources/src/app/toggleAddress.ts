import { nameInAddress, namedAddress } from "./namedAddress.ts";

/** Return the address of a toggle's page, below the address of the console. */
export function toggleAddress(name: string): string {
  return namedAddress("/toggles", name);
}

/** Return the name of the toggle from a segment of an address, as the router passes it to pages. */
export function toggleName(segment: string): string {
  return nameInAddress(segment);
}
