import { SegmentForm } from "./SegmentForm.tsx";
import { constraintInput } from "../../edits/changes.ts";
import { constraintDraftOf } from "../../edits/draft.ts";
import type { ConstraintDraft } from "../../edits/draft.ts";
import { constraintWords, lines } from "../../edits/words.ts";
import type { SegmentPartsFragment } from "../../gql/segment.ts";
import { OWN_EVENTS } from "../../objects/events.ts";
import { rulesOf } from "../../objects/fields.ts";
import type { Fields, ObjectDraft } from "../../objects/fields.ts";
import type { CreatableKind } from "../../objects/kind.ts";

export interface SegmentDraft extends ObjectDraft {
  /** The ID; empty if the segment does not exist yet. */
  id: string;
  description: string;
  constraints: readonly ConstraintDraft[];
}

const FIELDS: Fields<SegmentDraft> = {
  name: { title: "Name", words: (name) => name },
  description: { title: "Description", words: (description) => description },
  constraints: { title: "Constraints", words: (constraints) => lines(constraints.map(constraintWords)) },
};

export const SEGMENTS: CreatableKind<SegmentDraft> = {
  noun: "segment",
  title: "Segments",
  path: "/segments",
  fields: FIELDS,
  rules: rulesOf("segment", FIELDS, ({ id, revision }, { constraints, name, description }) => ({
    segmentUpdate: {
      id,
      ...(name !== undefined && { name: name.trim() }),
      ...(description !== undefined && { description }),
      ...(constraints && { constraints: constraints.map(constraintInput) }),
      expectedRevision: revision,
    },
  })),
  Form: SegmentForm,
  events: OWN_EVENTS.segment,
  empty: { id: "", name: "", revision: 0, description: "", constraints: [] },
  meaning: "A segment is a group of users, described once by constraints. Strategies of any toggle can be limited to it.",
  create: ({ name, description, constraints }) => ({
    segmentCreate: { name, description, constraints: constraints.map(constraintInput) },
  }),
  isComplete: ({ name }) => name.trim() !== "",
};

/** Return the draft without edits of a segment of the API. */
export function draftOf({ id, name, description, revision, constraints }: SegmentPartsFragment): SegmentDraft {
  return { id, name, description, revision, constraints: constraints.map(constraintDraftOf) };
}
