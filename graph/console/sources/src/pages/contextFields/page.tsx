import { useQuery } from "../../app/client.ts";
import { namedAddress } from "../../app/namedAddress.ts";
import { useEvents } from "../../edits/events.ts";
import { valuesPhrase } from "../../edits/phrases.ts";
import { ContextFieldsPageDocument } from "../../gql/contextFields.ts";
import type { ContextFieldRowFragment } from "../../gql/contextFields.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { ListPage } from "../../objects/ListPage.tsx";
import { useLocalList } from "../../objects/useLocalList.ts";
import { Badge } from "../../parts/Badge.tsx";
import type { Column } from "../../parts/DataTable.tsx";
import { NameLink } from "../../parts/NameLink.tsx";

const NOTHING = {};
const textsOf = ({ name, description }: ContextFieldRowFragment) => [name, description];
const COLUMNS: readonly Column<ContextFieldRowFragment>[] = [
  {
    title: "Context field",
    cell: ({ name, description, builtIn }) => (
      <NameLink href={namedAddress("/context", name)} name={name} description={description}>
        {builtIn && <Badge tone="plain">built in</Badge>}
      </NameLink>
    ),
  },
  {
    title: "Values",
    cell: ({ legalValues }) =>
      legalValues.length === 0 ? "any" : <bdi>{valuesPhrase(legalValues.map(({ value }) => value))}</bdi>,
  },
  { title: "Stickiness", width: 96, cell: ({ stickiness }) => (stickiness ? "yes" : "–") },
];

/** The fields of the context that applications send, by which constraints can test. */
export default function ContextFieldsPage() {
  const answer = useQuery(ContextFieldsPageDocument, NOTHING);
  useEvents(FOLLOWED_EVENTS.contextField, answer.again);
  const list = useLocalList(answer.data?.contextFields, textsOf);

  return (
    <ListPage
      title="Context fields"
      noun="context field"
      path="/context"
      meaning="Applications send these fields with each question, for example the ID of the user. Constraints test them, and forms suggest their values."
      placeholder="Search names and descriptions"
      answer={answer}
      list={list}
      columns={COLUMNS}
    />
  );
}
