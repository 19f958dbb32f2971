import { useMemo } from "react";
import { useParams } from "wouter";

import { CONTEXT_FIELDS, draftOf } from "./kind.ts";
import { useQuery } from "../../app/client.ts";
import type { Answer } from "../../app/client.ts";
import { NEW, nameInAddress, namedAddress } from "../../app/namedAddress.ts";
import { segmentAddress } from "../../app/segmentAddress.ts";
import { useDefinitions } from "../../edits/definitions.ts";
import { useEvents } from "../../edits/events.ts";
import { ContextFieldPageDocument } from "../../gql/contextField.ts";
import type { ContextFieldPageQuery } from "../../gql/contextField.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { LinkList } from "../../objects/LinkList.tsx";
import { MissingObject } from "../../objects/MissingObject.tsx";
import { NewObject } from "../../objects/NewObject.tsx";
import { ObjectView } from "../../objects/ObjectView.tsx";
import { Badge } from "../../parts/Badge.tsx";

type ContextField = ContextFieldPageQuery["contextFields"][number];

const NOTHING = {};

/** A context field with its legal values, or the form for a new context field. */
export default function ContextFieldPage() {
  const { name: part = "" } = useParams();
  if (part !== NEW) return <SavedField name={nameInAddress(part)} />;
  return <NewObject kind={CONTEXT_FIELDS} addressOf={({ name }) => namedAddress(CONTEXT_FIELDS.path, name)} />;
}

function SavedField({ name }: { name: string }) {
  const answer = useQuery(ContextFieldPageDocument, NOTHING);
  useEvents(FOLLOWED_EVENTS.contextField, answer.again);
  const field = answer.data?.contextFields.find((each) => each.name === name);
  if (!field) return <MissingObject kind={CONTEXT_FIELDS} name={name} answer={answer} />;
  return <FieldView key={field.id} field={field} answer={answer} />;
}

function FieldView({ field, answer }: { field: ContextField; answer: Answer<unknown> }) {
  const { name, builtIn } = field;
  const theirs = useMemo(() => draftOf(field), [field]);
  const removal = useMemo(() => [{ contextFieldDelete: { name } }], [name]);
  const { segments, segmentCount } = useDefinitions();
  const users = segments.filter(({ constraints }) => constraints.some(({ contextName }) => contextName === name));
  return (
    <ObjectView
      kind={CONTEXT_FIELDS}
      theirs={theirs}
      answer={answer}
      note={builtIn && <Badge tone="plain">built in</Badge>}
      removal={builtIn ? undefined : removal}
    >
      <LinkList
        title="Segments that test it"
        total={users.length}
        none={
          segmentCount > segments.length
            ? `None of the first ${segments.length} segments tests the field.`
            : "No segment tests the field."
        }
        rows={users.map((segment) => ({ key: segment.id, href: segmentAddress(segment.id), text: segment.name }))}
      />
    </ObjectView>
  );
}
