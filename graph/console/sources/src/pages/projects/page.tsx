import { useQuery } from "../../app/client.ts";
import { namedAddress } from "../../app/namedAddress.ts";
import { useEvents } from "../../edits/events.ts";
import { ProjectsPageDocument } from "../../gql/projects.ts";
import type { ProjectRowFragment } from "../../gql/projects.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { ListPage } from "../../objects/ListPage.tsx";
import { useLocalList } from "../../objects/useLocalList.ts";
import { Badge } from "../../parts/Badge.tsx";
import type { Column } from "../../parts/DataTable.tsx";
import { NameLink } from "../../parts/NameLink.tsx";
import { When } from "../../parts/When.tsx";

const NOTHING = {};
const textsOf = ({ name, title, description }: ProjectRowFragment) => [name, title, description];
const COLUMNS: readonly Column<ProjectRowFragment>[] = [
  {
    title: "Project",
    cell: ({ name, title, description, builtIn }) => (
      <NameLink href={namedAddress("/projects", name)} name={title || name} description={description}>
        {builtIn && <Badge tone="plain">built in</Badge>}
      </NameLink>
    ),
  },
  { title: "Name", cell: ({ name }) => <bdi>{name}</bdi> },
  { title: "Toggles", width: 96, cell: ({ toggles }) => toggles.totalCount },
  { title: "Created", width: 96, cell: ({ createdAt }) => <When time={createdAt} /> },
];

/** The projects with the number of toggles in each. */
export default function ProjectsPage() {
  const answer = useQuery(ProjectsPageDocument, NOTHING);
  useEvents(FOLLOWED_EVENTS.project, answer.again);
  const list = useLocalList(answer.data?.projects, textsOf);

  return (
    <ListPage
      title="Projects"
      noun="project"
      path="/projects"
      meaning="A project groups toggles. Client tokens can be limited to some projects."
      placeholder="Search names, titles and descriptions"
      answer={answer}
      list={list}
      columns={COLUMNS}
    />
  );
}
