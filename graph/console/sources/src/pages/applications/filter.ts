// The filter of the list of applications, which the address contains.
import type { Address } from "../../app/address.ts";
import type { ApplicationFilter } from "../../gql/applications.ts";

/** Return the filter that an address describes. */
export function filterIn({ one }: Pick<Address, "one">): ApplicationFilter {
  const filter: ApplicationFilter = {};
  const search = one("q").trim();
  if (search !== "") filter.search = search;
  if (one("env") !== "") filter.environments = [one("env")];
  if (one("issues") === "yes") filter.hasIssues = true;
  return filter;
}
