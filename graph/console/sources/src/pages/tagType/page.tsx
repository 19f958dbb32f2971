import { useMemo } from "react";
import { useParams } from "wouter";

import { draftOf, TAG_TYPES } from "./kind.ts";
import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import type { Answer } from "../../app/client.ts";
import { NEW, nameInAddress, namedAddress } from "../../app/namedAddress.ts";
import { turningIn } from "../../app/paging.ts";
import { usePageArguments } from "../../app/usePageArguments.ts";
import { useEvents } from "../../edits/events.ts";
import { TagTypePageDocument } from "../../gql/tagType.ts";
import type { TagTypePageQuery } from "../../gql/tagType.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { LinkList } from "../../objects/LinkList.tsx";
import { MissingObject } from "../../objects/MissingObject.tsx";
import { NewObject } from "../../objects/NewObject.tsx";
import { ObjectView } from "../../objects/ObjectView.tsx";
import { Pager } from "../../parts/Pager.tsx";
import { tagSearch } from "../../search/toggleSearch.ts";

type TagType = TagTypePageQuery["tagTypes"][number];

const PAGE_SIZE = 50;

/** A tag type with its tags, or the form for a new tag type. */
export default function TagTypePage() {
  const { name: part = "" } = useParams();
  if (part !== NEW) return <SavedType name={nameInAddress(part)} />;
  return <NewObject kind={TAG_TYPES} addressOf={({ name }) => namedAddress("/tags/types", name)} />;
}

function SavedType({ name }: { name: string }) {
  const page = usePageArguments(PAGE_SIZE);
  const variables = useMemo(() => ({ name, ...page }), [name, page]);
  const answer = useQuery(TagTypePageDocument, variables);
  useEvents(FOLLOWED_EVENTS.tagType, answer.again);
  const type = answer.data?.tagTypes.find((each) => each.name === name);
  if (!answer.data || !type) return <MissingObject kind={TAG_TYPES} name={name} answer={answer} />;
  return <TypeView key={type.id} type={type} tags={answer.data.tags} answer={answer} />;
}

interface Props {
  type: TagType;
  tags: TagTypePageQuery["tags"];
  answer: Answer<unknown>;
}

function TypeView({ type, tags, answer }: Props) {
  const { name } = type;
  const address = useAddress();
  const theirs = useMemo(() => draftOf(type), [type]);
  const removal = useMemo(() => [{ tagTypeDelete: { name } }], [name]);
  return (
    <ObjectView kind={TAG_TYPES} theirs={theirs} answer={answer} removal={removal}>
      <LinkList
        title="Tags of this type"
        total={tags.totalCount}
        none="No toggle has a tag of this type. Add tags in the details of a toggle."
        rows={tags.nodes.map(({ value, toggleCount }) => ({
          key: value,
          href: tagSearch(name, value),
          text: value,
          aside: toggleCount === 1 ? "1 toggle" : `${toggleCount} toggles`,
        }))}
        pager={<Pager {...turningIn(address, tags.pageInfo)} />}
      />
    </ObjectView>
  );
}
