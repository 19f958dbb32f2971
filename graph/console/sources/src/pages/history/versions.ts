// Which versions the address of the page names, and where they are on the page.
import { useEffect, useMemo } from "react";

import type { Address } from "../../app/address.ts";
import { useLive, useQuery } from "../../app/client.ts";
import type { Answer } from "../../app/client.ts";
import { HistoryPageDocument, VersionDocument, VersionedChangesDocument } from "../../gql/history.ts";
import type { HistoryPageQuery, RecordedPartsFragment } from "../../gql/history.ts";

export const PAGE_SIZE = 25;

export type VersionEdge = HistoryPageQuery["toggleVersions"]["edges"][number];

/** The pages of versions that lead to the current page, as cursors. */
export function pagesIn(address: Address): readonly string[] {
  return address.all("after");
}

/** Load the page of versions that an address describes, and follow changes of the toggle. */
export function useVersions(name: string, address: Address): Answer<HistoryPageQuery> {
  const after = pagesIn(address).at(-1) ?? null;
  const answer = useQuery(HistoryPageDocument, useMemo(() => ({ name, first: PAGE_SIZE, after }), [name, after]));
  useLive(VersionedChangesDocument, useMemo(() => ({ names: [name] }), [name]), answer.again);
  return answer;
}

/** Find the version that the address names, also on later pages. Without a name it is the one before today's. */
export function useChosen(address: Address, { data, loading }: Answer<HistoryPageQuery>): VersionEdge | undefined {
  const pages = pagesIn(address);
  const revision = Number(address.one("revision"));
  const edges = data?.toggleVersions.edges ?? [];
  const chosen = revision ? edges.find(({ node }) => node.revision === revision) : edges[pages.length === 0 ? 1 : 0];
  const { endCursor = null, hasNextPage = false } = data?.toggleVersions.pageInfo ?? {};
  const isFurther = revision > 0 && !chosen && hasNextPage && (edges.at(-1)?.node.revision ?? 0) > revision;
  const { change } = address;
  useEffect(() => {
    if (isFurther && !loading && endCursor !== null) change({ after: [...pages, endCursor] });
  }, [isFurther, loading, endCursor, pages, change]);
  return chosen ?? (revision ? undefined : edges[0]);
}

/** Load the state of the toggle in a version of the page; undefined while it is loading. */
export function useRecorded(
  name: string,
  edges: readonly VersionEdge[],
  version: VersionEdge,
  pageAfter: string | null,
): Answer<{ toggle: RecordedPartsFragment | null }> {
  const index = edges.indexOf(version);
  const after = edges[index - 1]?.cursor ?? pageAfter;
  const answer = useQuery(VersionDocument, useMemo(() => ({ name, after }), [name, after]));
  const [node] = answer.data?.toggleVersions.nodes ?? [];
  return { ...answer, data: node?.revision === version.node.revision ? { toggle: node.toggle } : undefined };
}
