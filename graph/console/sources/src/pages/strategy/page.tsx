import { useMemo } from "react";
import { Link, useParams } from "wouter";

import { draftOf, STRATEGIES } from "./kind.ts";
import { useQuery } from "../../app/client.ts";
import type { Answer } from "../../app/client.ts";
import { NEW, nameInAddress, namedAddress } from "../../app/namedAddress.ts";
import { usePageArguments } from "../../app/usePageArguments.ts";
import { useEvents } from "../../edits/events.ts";
import { StrategyPageDocument } from "../../gql/strategy.ts";
import type { StrategyPageQuery } from "../../gql/strategy.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { LinkList } from "../../objects/LinkList.tsx";
import { MissingObject } from "../../objects/MissingObject.tsx";
import { NewObject } from "../../objects/NewObject.tsx";
import { ObjectView } from "../../objects/ObjectView.tsx";
import { UsedBy } from "../../objects/UsedBy.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { When } from "../../parts/When.tsx";
import { toggleSearch } from "../../search/toggleSearch.ts";

type Strategy = NonNullable<StrategyPageQuery["strategy"]>;

const PAGE_SIZE = 50;

/** A strategy with its parameters, or the form for a new strategy. */
export default function StrategyPage() {
  const { name: part = "" } = useParams();
  if (part !== NEW) return <SavedStrategy name={nameInAddress(part)} />;
  return <NewObject kind={STRATEGIES} addressOf={({ name }) => namedAddress(STRATEGIES.path, name)} />;
}

function SavedStrategy({ name }: { name: string }) {
  const page = usePageArguments(PAGE_SIZE);
  const variables = useMemo(() => ({ name, ...page }), [name, page]);
  const answer = useQuery(StrategyPageDocument, variables);
  useEvents(FOLLOWED_EVENTS.strategy, answer.again);
  const strategy = answer.data?.strategy;
  if (strategy?.name !== name) return <MissingObject kind={STRATEGIES} name={name} answer={answer} />;
  return <StrategyView key={strategy.id} strategy={strategy} answer={answer} />;
}

function StrategyView({ strategy, answer }: { strategy: Strategy; answer: Answer<unknown> }) {
  const { name, builtIn, deprecated, toggles, applications } = strategy;
  const theirs = useMemo(() => draftOf(strategy), [strategy]);
  const removal = useMemo(() => [{ strategyDelete: { name } }], [name]);
  return (
    <ObjectView
      kind={STRATEGIES}
      theirs={theirs}
      answer={answer}
      note={
        (builtIn || deprecated) && (
          <>
            {builtIn && <Badge tone="plain">built in</Badge>} {deprecated && <Badge tone="warn">deprecated</Badge>}
          </>
        )
      }
      fixed={builtIn ? "This strategy is part of every SDK. It cannot be changed or deleted." : undefined}
      removal={removal}
    >
      <UsedBy
        toggles={toggles}
        none="No toggle uses the strategy."
        all={<Link href={toggleSearch({ kind: "strategy", value: name })}>Open in the list</Link>}
      />
      <LinkList
        title="Applications that implement it"
        total={applications.totalCount}
        none="No application has reported that it implements the strategy. Toggles with it stay off there."
        rows={applications.nodes.map((application) => ({
          key: application.id,
          href: namedAddress("/applications", application.name),
          text: application.name,
          aside: <When time={application.lastSeenAt} />,
        }))}
      />
    </ObjectView>
  );
}
