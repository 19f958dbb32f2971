import { useMemo } from "react";
import { Link, useParams } from "wouter";

import { draftOf, PROJECTS } from "./kind.ts";
import { useQuery } from "../../app/client.ts";
import type { Answer } from "../../app/client.ts";
import { NEW, nameInAddress, namedAddress } from "../../app/namedAddress.ts";
import { usePageArguments } from "../../app/usePageArguments.ts";
import { useEvents } from "../../edits/events.ts";
import { ProjectPageDocument } from "../../gql/project.ts";
import type { ProjectPageQuery } from "../../gql/project.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { MissingObject } from "../../objects/MissingObject.tsx";
import { NewObject } from "../../objects/NewObject.tsx";
import { ObjectView } from "../../objects/ObjectView.tsx";
import { UsedBy } from "../../objects/UsedBy.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { toggleSearch } from "../../search/toggleSearch.ts";

type Project = NonNullable<ProjectPageQuery["project"]>;

const PAGE_SIZE = 50;

/** A project with its toggles, or the form for a new project. */
export default function ProjectPage() {
  const { name: part = "" } = useParams();
  if (part !== NEW) return <SavedProject name={nameInAddress(part)} />;
  return <NewObject kind={PROJECTS} addressOf={({ name }) => namedAddress(PROJECTS.path, name)} />;
}

function SavedProject({ name }: { name: string }) {
  const page = usePageArguments(PAGE_SIZE);
  const variables = useMemo(() => ({ name, ...page }), [name, page]);
  const answer = useQuery(ProjectPageDocument, variables);
  useEvents(FOLLOWED_EVENTS.project, answer.again);
  const project = answer.data?.project;
  if (project?.name !== name) return <MissingObject kind={PROJECTS} name={name} answer={answer} />;
  return <ProjectView key={project.id} project={project} answer={answer} />;
}

function ProjectView({ project, answer }: { project: Project; answer: Answer<unknown> }) {
  const { name, builtIn, toggles } = project;
  const theirs = useMemo(() => draftOf(project), [project]);
  const removal = useMemo(() => [{ projectDelete: { name } }], [name]);
  return (
    <ObjectView
      kind={PROJECTS}
      theirs={theirs}
      answer={answer}
      note={builtIn && <Badge tone="plain">built in</Badge>}
      removal={builtIn ? undefined : removal}
    >
      <UsedBy
        title="Toggles in the project"
        toggles={toggles}
        none="The project has no toggles. Choose it in the details of a toggle."
        all={<Link href={toggleSearch({ kind: "project", value: name })}>Open in the list</Link>}
      />
    </ObjectView>
  );
}
