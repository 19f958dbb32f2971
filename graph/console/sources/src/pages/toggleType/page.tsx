import { useMemo } from "react";
import { Link, useParams } from "wouter";

import { draftOf, TOGGLE_TYPES } from "./kind.ts";
import type { ToggleType } from "./kind.ts";
import { useQuery } from "../../app/client.ts";
import type { Answer } from "../../app/client.ts";
import { nameInAddress } from "../../app/namedAddress.ts";
import { usePageArguments } from "../../app/usePageArguments.ts";
import { useEvents } from "../../edits/events.ts";
import { ToggleTypePageDocument } from "../../gql/toggleType.ts";
import type { ToggleTypePageQuery } from "../../gql/toggleType.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { MissingObject } from "../../objects/MissingObject.tsx";
import { ObjectView } from "../../objects/ObjectView.tsx";
import { UsedBy } from "../../objects/UsedBy.tsx";
import { Prose } from "../../parts/Prose.tsx";
import { toggleSearch } from "../../search/toggleSearch.ts";

const PAGE_SIZE = 50;

/** A toggle type with its expected lifetime. */
export default function ToggleTypePage() {
  const { name: part = "" } = useParams();
  const name = nameInAddress(part);
  const page = usePageArguments(PAGE_SIZE);
  const variables = useMemo(() => ({ name, ...page }), [name, page]);
  const answer = useQuery(ToggleTypePageDocument, variables);
  useEvents(FOLLOWED_EVENTS.tagType, answer.again);
  const type = answer.data?.toggleTypes.find((each) => each.name === name);
  if (!answer.data || !type) return <MissingObject kind={TOGGLE_TYPES} name={name} answer={answer} />;
  return <TypeView key={type.id} type={type} toggles={answer.data.toggles} answer={answer} />;
}

interface Props {
  type: ToggleType;
  toggles: ToggleTypePageQuery["toggles"];
  answer: Answer<unknown>;
}

function TypeView({ type, toggles, answer }: Props) {
  const { name, description } = type;
  const theirs = useMemo(() => draftOf(type), [type]);
  return (
    <ObjectView kind={TOGGLE_TYPES} theirs={theirs} answer={answer} note={<Prose text={description} />}>
      <UsedBy
        title="Toggles of this type"
        toggles={toggles}
        none="No active toggle has this type."
        all={<Link href={toggleSearch({ kind: "type", value: name })}>Open in the list</Link>}
      />
    </ObjectView>
  );
}
