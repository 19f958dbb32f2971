import { useMemo } from "react";

import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { useEvents } from "../../edits/events.ts";
import { SegmentsPageDocument } from "../../gql/segments.ts";
import type { SegmentRowFragment } from "../../gql/segments.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { ListPage, PAGE_SIZE } from "../../objects/ListPage.tsx";
import { segmentAddress } from "../../app/segmentAddress.ts";
import { usePageArguments } from "../../app/usePageArguments.ts";
import type { Column } from "../../parts/DataTable.tsx";
import { NameLink } from "../../parts/NameLink.tsx";
import { When } from "../../parts/When.tsx";

const COLUMNS: readonly Column<SegmentRowFragment>[] = [
  {
    title: "Segment",
    cell: ({ id, name, description }) => (
      <NameLink href={segmentAddress(id)} name={name} description={description} />
    ),
  },
  {
    title: "Context fields",
    cell: ({ constraints }) => [...new Set(constraints.map(({ contextName }) => contextName))].join(", ") || "none: everybody",
  },
  { title: "Toggles", width: 96, cell: ({ toggles }) => toggles.totalCount },
  { title: "Created", width: 96, cell: ({ createdAt }) => <When time={createdAt} /> },
];

/** The segments with the number of toggles that use each. */
export default function SegmentsPage() {
  const search = useAddress().one("q").trim() || null;
  const page = usePageArguments(PAGE_SIZE);
  const variables = useMemo(() => ({ search, ...page }), [search, page]);
  const answer = useQuery(SegmentsPageDocument, variables);
  useEvents(FOLLOWED_EVENTS.segment, answer.again);

  return (
    <ListPage
      title="Segments"
      noun="segment"
      path="/segments"
      meaning="A segment is a group of users, described once by constraints. Strategies of any toggle can be limited to it."
      placeholder="Search names and descriptions"
      answer={answer}
      list={answer.data?.segments}
      columns={COLUMNS}
    />
  );
}
