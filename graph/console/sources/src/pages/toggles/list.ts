import { useEffect, useMemo, useRef } from "react";

import { shownEnvironments } from "./Columns.tsx";
import type { Order } from "./ToggleTable.tsx";
import type { Address } from "../../app/address.ts";
import { useLive, useQuery } from "../../app/client.ts";
import type { Answer, Ask } from "../../app/client.ts";
import { pageArguments } from "../../app/paging.ts";
import {
  EnvironmentsDocument,
  ToggleChangesDocument,
  ToggleNamesDocument,
  TogglesPageDocument,
} from "../../gql/toggles.ts";
import type {
  EnvironmentPartsFragment,
  EventType,
  ToggleFilter,
  ToggleNamesQuery,
  ToggleOrderField,
  TogglesPageQuery,
} from "../../gql/toggles.ts";
import { filterOf } from "../../search/filter.ts";
import { parseTerms } from "../../search/terms.ts";

const PAGE_SIZE = 50;
const NOTHING = {};
const NONE: readonly EnvironmentPartsFragment[] = [];
const FIELDS: readonly ToggleOrderField[] = ["NAME", "TYPE", "LAST_SEEN_AT", "UPDATED_AT"];
// If a list is sorted by name and has no search, only these events add or remove toggles.
const MEMBERSHIP: readonly EventType[] = [
  "TOGGLE_CREATED",
  "TOGGLE_ARCHIVED",
  "TOGGLE_REVIVED",
  "TOGGLE_DELETED",
];
const SETTLED_MS = 300;

export interface ToggleList extends Answer<TogglesPageQuery> {
  /** All environments that are enabled. */
  environments: readonly EnvironmentPartsFragment[];
  /** The environments that the list shows. */
  shown: readonly EnvironmentPartsFragment[];
}

/** Load the page of the list that an address describes, and follow changes. */
export function useToggles(address: Address): ToggleList {
  // The session has already run this query, so the cache answers immediately.
  const { data: known } = useQuery(EnvironmentsDocument, NOTHING);
  const environments = known?.environments ?? NONE;
  const shown = useMemo(() => shownEnvironments(environments, address.all("env")), [environments, address]);
  const names = JSON.stringify(shown.map(({ name }) => name));
  const search = address.one("q");
  const { field, isDescending } = orderIn(address);
  const after = address.one("after");
  const before = address.one("before");
  const variables = useMemo(
    () => ({
      environments: JSON.parse(names) as string[],
      filter: filterOf(parseTerms(search)),
      orderBy: { field, direction: isDescending ? ("DESC" as const) : ("ASC" as const) },
      ...pageArguments(PAGE_SIZE, after, before),
    }),
    [names, search, field, isDescending, after, before],
  );
  const answer = useQuery(TogglesPageDocument, variables);

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const isByName = search.trim() === "" && field === "NAME";
  useLive(ToggleChangesDocument, { environments: variables.environments }, ({ toggleChanged }) => {
    if (isByName && !MEMBERSHIP.includes(toggleChanged.event.type)) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(answer.again, SETTLED_MS);
  });
  return { ...answer, environments, shown };
}

/** Return the order in an address; the default is by name. */
export function orderIn(address: Address): Order {
  const sort = address.one("sort").toUpperCase();
  const field = FIELDS.find((known) => known === sort) ?? "NAME";
  return { field, isDescending: address.one("dir") === "desc" };
}

/** Return the names of the first toggles that a filter finds. */
export async function findNames(
  ask: Ask,
  filter: ToggleFilter,
  { most, pageSize }: { most: number; pageSize: number },
): Promise<string[]> {
  const names: string[] = [];
  let after: string | null = null;
  do {
    const { toggles }: ToggleNamesQuery = await ask(ToggleNamesDocument, { filter, first: pageSize, after });
    names.push(...toggles.nodes.map(({ name }) => name));
    after = toggles.pageInfo.hasNextPage ? toggles.pageInfo.endCursor : null;
  } while (after !== null && names.length < most);
  return names.slice(0, most);
}
