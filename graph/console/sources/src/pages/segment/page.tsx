import { useMemo } from "react";
import { Link, useParams } from "wouter";

import { draftOf, SEGMENTS } from "./kind.ts";
import { useAsk, useQuery } from "../../app/client.ts";
import type { Answer } from "../../app/client.ts";
import { NEW } from "../../app/namedAddress.ts";
import { useEvents } from "../../edits/events.ts";
import { SegmentByNameDocument, SegmentPageDocument } from "../../gql/segment.ts";
import type { SegmentPageQuery } from "../../gql/segment.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { MissingObject } from "../../objects/MissingObject.tsx";
import { NewObject } from "../../objects/NewObject.tsx";
import { ObjectView } from "../../objects/ObjectView.tsx";
import { segmentAddress, segmentId } from "../../app/segmentAddress.ts";
import { usePageArguments } from "../../app/usePageArguments.ts";
import { UsedBy } from "../../objects/UsedBy.tsx";
import { When } from "../../parts/When.tsx";
import { toggleSearch } from "../../search/toggleSearch.ts";

type Segment = Extract<NonNullable<SegmentPageQuery["node"]>, { constraints: unknown }>;

const PAGE_SIZE = 50;

/** A segment with its constraints and the toggles that use it, or the form for a new segment. */
export default function SegmentPage() {
  const { id: part = "" } = useParams();
  return part === NEW ? <NewSegment /> : <SavedSegment id={segmentId(part)} />;
}

function NewSegment() {
  const ask = useAsk();
  return (
    <NewObject
      kind={SEGMENTS}
      addressOf={async ({ name }) => {
        const { segment } = await ask(SegmentByNameDocument, { name });
        return segment ? segmentAddress(segment.id) : SEGMENTS.path;
      }}
    />
  );
}

function SavedSegment({ id }: { id: string }) {
  const page = usePageArguments(PAGE_SIZE);
  const variables = useMemo(() => ({ id, ...page }), [id, page]);
  const answer = useQuery(SegmentPageDocument, variables);
  useEvents(FOLLOWED_EVENTS.segment, answer.again);
  const node = answer.data?.node;
  if (node?.id === id && "constraints" in node) return <SegmentView key={id} segment={node} answer={answer} />;
  return <MissingObject kind={SEGMENTS} answer={answer} />;
}

function SegmentView({ segment, answer }: { segment: Segment; answer: Answer<unknown> }) {
  const { id, toggles, createdAt, createdBy } = segment;
  const theirs = useMemo(() => draftOf(segment), [segment]);
  const removal = useMemo(() => [{ segmentDelete: { id } }], [id]);
  return (
    <ObjectView
      kind={SEGMENTS}
      theirs={theirs}
      answer={answer}
      note={
        <>
          created <When time={createdAt} />
          {createdBy && (
            <>
              {" by "}
              <bdi>{createdBy.name}</bdi>
            </>
          )}
        </>
      }
      removal={removal}
    >
      <UsedBy
        toggles={toggles}
        none={
          <>
            No toggle uses the segment. To use it, <Link href="/toggles">choose a toggle</Link>, edit one of its strategies
            and add the segment there.
          </>
        }
        all={<Link href={toggleSearch({ kind: "segment", value: segment.name })}>Open in the list</Link>}
        hint="A change of the segment changes who gets these toggles."
      />
    </ObjectView>
  );
}
