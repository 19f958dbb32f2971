import { useMemo } from "react";
import { Link } from "wouter";

import type { ObjectDraft } from "./fields.ts";
import type { Kind } from "./kind.ts";
import type { Answer } from "../app/client.ts";
import { useQuery } from "../app/client.ts";
import { LastEventsDocument } from "../gql/objects.ts";
import { BriefEvents } from "../parts/BriefEvents.tsx";
import { Card } from "../parts/Card.tsx";
import { Empty } from "../parts/Empty.tsx";
import { LoadFailure } from "../parts/LoadFailure.tsx";
import { Page } from "../parts/Page.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";

interface Props<Draft extends ObjectDraft> {
  kind: Pick<Kind<Draft>, "noun" | "title" | "path" | "events">;
  /** The name in the address; undefined if the address has no name. */
  name?: string;
  answer: Answer<unknown>;
}

/** The page of an object while it loads, after the load failed, or if there is no such object. */
export function MissingObject<Draft extends ObjectDraft>({ kind, name, answer }: Props<Draft>) {
  const { noun, title, path } = kind;
  const { problem, loading, again } = answer;
  return (
    <Page
      title={name ?? noun.charAt(0).toUpperCase() + noun.slice(1)}
      isName={name !== undefined}
      above={<Link href={path}>{title} /</Link>}
    >
      {problem ? (
        <LoadFailure subject={`The ${noun}`} problem={problem} onRetry={again} />
      ) : loading ? (
        <Skeleton rows={6} />
      ) : (
        <>
          <Empty title={`There is no ${noun} ${name === undefined ? "at this address" : "with this name"}`}>
            <p>
              <Link href={path}>Open the {title.toLowerCase()}</Link>
            </p>
          </Empty>
          {name !== undefined && <LastChanges kind={kind} name={name} />}
        </>
      )}
    </Page>
  );
}

/** The last events of an object that was deleted. */
function LastChanges<Draft extends ObjectDraft>({ kind, name }: Pick<Props<Draft>, "kind"> & { name: string }) {
  const variables = useMemo(() => ({ types: [...kind.events], search: name.slice(0, 500) }), [kind, name]);
  const { data } = useQuery(LastEventsDocument, variables);
  const events = data?.events.nodes.filter(({ subjectName }) => subjectName === name) ?? [];
  if (events.length === 0) return null;
  return (
    <Card title="Recent changes">
      <BriefEvents events={events} />
    </Card>
  );
}
