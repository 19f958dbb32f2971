import { ProjectForm } from "./ProjectForm.tsx";
import type { ProjectPartsFragment } from "../../gql/project.ts";
import { OWN_EVENTS } from "../../objects/events.ts";
import { rulesOf } from "../../objects/fields.ts";
import type { Fields, ObjectDraft } from "../../objects/fields.ts";
import type { CreatableKind } from "../../objects/kind.ts";

export interface ProjectDraft extends ObjectDraft {
  title: string;
  description: string;
}

const FIELDS: Fields<ProjectDraft> = {
  title: { title: "Title", words: (title) => title },
  description: { title: "Description", words: (description) => description },
};

export const PROJECTS: CreatableKind<ProjectDraft> = {
  noun: "project",
  title: "Projects",
  path: "/projects",
  fields: FIELDS,
  rules: rulesOf("project", FIELDS, ({ name, revision }, fields) => ({
    projectUpdate: { name, ...fields, expectedRevision: revision },
  })),
  Form: ProjectForm,
  events: OWN_EVENTS.project,
  empty: { name: "", revision: 0, title: "", description: "" },
  meaning: "A project groups toggles. Client tokens can be limited to some projects.",
  create: ({ name, title, description }) => ({ projectCreate: { name, title, description } }),
  isComplete: ({ name }) => name.trim() !== "",
};

/** Return the draft without edits of a project of the API. */
export function draftOf({ name, revision, title, description }: ProjectPartsFragment): ProjectDraft {
  return { name, revision, title, description };
}
