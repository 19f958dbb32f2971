// The filter of the log, which the address contains.
import type { Address, Changes } from "../../app/address.ts";
import { typeOf, typeWords } from "../../app/eventTypes.ts";
import { FIRST_PAGE } from "../../app/paging.ts";
import type { EventFilter, EventType } from "../../gql/activity.ts";
import { displayTime } from "../../parts/localTime.ts";

/** The parameters of the address that are part of the filter, except the search. */
export const PARAMETERS = ["type", "env", "actor", "from", "to"] as const;

export type Parameter = (typeof PARAMETERS)[number];

export interface FilterChip {
  kind: string;
  text: string;
  parameter: Parameter;
  value: string;
}

const KINDS: Record<Parameter, string> = { type: "type", env: "in", actor: "by", from: "from", to: "until" };

type Reading = Pick<Address, "one" | "all">;

// The changes of a change set have events themselves.
const REPEATING: readonly EventType[] = ["CHANGE_SET_APPLIED"];

/** Return the filter that an address describes. Events that repeat others are found only by their type. */
export function filterIn(address: Reading): EventFilter {
  const filter: EventFilter = {};
  const search = address.one("q").trim();
  if (search !== "") filter.search = search;
  const types = address.all("type");
  if (types.length > 0) filter.types = types.map(typeOf);
  else filter.exceptTypes = [...REPEATING];
  const environments = address.all("env");
  if (environments.length > 0) filter.environments = [...environments];
  const actors = address.all("actor");
  if (actors.length > 0) filter.actors = [...actors];
  const from = address.one("from");
  const to = address.one("to");
  if (from || to) filter.createdAt = { from: from || null, to: to || null };
  return filter;
}

/** Whether the address narrows the log. */
export function isNarrowed(address: Reading): boolean {
  return address.one("q").trim() !== "" || chipsOf(address).length > 0;
}

/** Return a chip for each value of the filter in an address. */
export function chipsOf(address: Reading): FilterChip[] {
  return PARAMETERS.flatMap((parameter) =>
    address.all(parameter).map((value) => ({ kind: KINDS[parameter], text: words(parameter, value), parameter, value })),
  );
}

/** Return the changes of the address that remove a value from the filter. */
export function without(address: Reading, { parameter, value }: FilterChip): Changes {
  return { [parameter]: address.all(parameter).filter((other) => other !== value), ...FIRST_PAGE };
}

/** Return the changes of the address that add a value to the filter. */
export function withValue(address: Reading, parameter: Parameter, value: string): Changes {
  return { [parameter]: [...new Set([...address.all(parameter), value])], ...FIRST_PAGE };
}

function words(parameter: Parameter, value: string): string {
  if (parameter === "type") return typeWords(value);
  return parameter === "from" || parameter === "to" ? displayTime(value) : value;
}
