// The filter of the list of tokens, which the address contains.
import type { Address } from "../../app/address.ts";
import type { ApiTokenFilter, ApiTokenType } from "../../gql/tokens.ts";

export const VALIDITIES = [
  { value: "all", title: "All" },
  { value: "no", title: "Valid" },
  { value: "yes", title: "Expired" },
] as const;

export type Validity = (typeof VALIDITIES)[number]["value"];

export const TYPES: readonly ApiTokenType[] = ["CLIENT", "FRONTEND", "ADMIN", "VIEWER"];

/** Return whether the list shows valid or expired tokens; by default all. */
export function validityIn(address: Pick<Address, "one">): Validity {
  const text = address.one("expired");
  return VALIDITIES.find(({ value }) => value === text)?.value ?? "all";
}

/** Return the type of tokens that an address names, or an empty string. */
export function typeIn(address: Pick<Address, "one">): ApiTokenType | "" {
  const text = address.one("type").toUpperCase();
  return TYPES.find((type) => type === text) ?? "";
}

/** Return the filter that an address describes. */
export function filterIn(address: Pick<Address, "one">): ApiTokenFilter {
  const filter: ApiTokenFilter = {};
  const search = address.one("q").trim();
  if (search !== "") filter.search = search;
  const type = typeIn(address);
  if (type !== "") filter.types = [type];
  const validity = validityIn(address);
  if (validity !== "all") filter.expired = validity === "yes";
  return filter;
}
