import { useMemo } from "react";

import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { namedAddress } from "../../app/namedAddress.ts";
import { usePageArguments } from "../../app/usePageArguments.ts";
import { strategyMeaning } from "../../edits/definitions.ts";
import { useEvents } from "../../edits/events.ts";
import { StrategiesPageDocument } from "../../gql/strategies.ts";
import type { StrategyRowFragment } from "../../gql/strategies.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { ListPage, PAGE_SIZE } from "../../objects/ListPage.tsx";
import { Badge } from "../../parts/Badge.tsx";
import type { Column } from "../../parts/DataTable.tsx";
import { NameLink } from "../../parts/NameLink.tsx";

const COLUMNS: readonly Column<StrategyRowFragment>[] = [
  {
    title: "Strategy",
    cell: ({ name, title, description, builtIn, deprecated }) => (
      <NameLink href={namedAddress("/strategies", name)} name={title || name} description={strategyMeaning({ name, description })}>
        {builtIn && <Badge tone="plain">built in</Badge>}
        {deprecated && <Badge tone="warn">deprecated</Badge>}
      </NameLink>
    ),
  },
  { title: "Name in SDKs", cell: ({ name }) => <bdi>{name}</bdi> },
  { title: "Toggles", width: 96, cell: ({ toggles }) => toggles.totalCount },
  { title: "Applications", width: 96, cell: ({ applications }) => applications.totalCount },
];

/** The strategies, with the numbers of toggles that use and applications that implement each. */
export default function StrategiesPage() {
  const search = useAddress().one("q").trim();
  const page = usePageArguments(PAGE_SIZE);
  const variables = useMemo(() => ({ filter: search === "" ? {} : { search }, ...page }), [search, page]);
  const answer = useQuery(StrategiesPageDocument, variables);
  useEvents(FOLLOWED_EVENTS.strategy, answer.again);

  return (
    <ListPage
      title="Strategies"
      noun="strategy"
      path="/strategies"
      meaning="A strategy decides for which users a toggle is on. SDKs bring the built-in strategies; your applications implement the others."
      placeholder="Search names and descriptions"
      answer={answer}
      list={answer.data?.strategies}
      columns={COLUMNS}
    />
  );
}
