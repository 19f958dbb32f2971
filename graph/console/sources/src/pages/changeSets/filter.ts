// The filter of the list of change sets, which the address contains.
import type { Address } from "../../app/address.ts";
import type { ChangeSetFilter, ChangeSetState } from "../../gql/changeSets.ts";

export const STATES = [
  { value: "all", title: "All" },
  { value: "scheduled", title: "Scheduled" },
  { value: "applied", title: "Applied" },
  { value: "cancelled", title: "Cancelled" },
  { value: "refused", title: "Refused" },
] as const;

type State = (typeof STATES)[number]["value"];

/** Return the state that an address names; by default all. */
export function stateIn(address: Pick<Address, "one">): State {
  const name = address.one("state");
  return STATES.find(({ value }) => value === name)?.value ?? "all";
}

/** Return the filter that an address describes. */
export function filterIn(address: Pick<Address, "one">): ChangeSetFilter {
  const filter: ChangeSetFilter = {};
  const search = address.one("q").trim();
  if (search !== "") filter.search = search;
  const state = stateIn(address);
  if (state !== "all") filter.states = [state.toUpperCase() as ChangeSetState];
  return filter;
}
