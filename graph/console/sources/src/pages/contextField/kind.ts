import { ContextFieldForm } from "./ContextFieldForm.tsx";
import { lines } from "../../edits/words.ts";
import type { ContextFieldPartsFragment } from "../../gql/contextField.ts";
import { OWN_EVENTS } from "../../objects/events.ts";
import { rulesOf } from "../../objects/fields.ts";
import type { Fields, ObjectDraft } from "../../objects/fields.ts";
import type { CreatableKind } from "../../objects/kind.ts";

export interface LegalValueDraft {
  value: string;
  description: string;
}

export interface ContextFieldDraft extends ObjectDraft {
  description: string;
  legalValues: readonly LegalValueDraft[];
  stickiness: boolean;
}

const FIELDS: Fields<ContextFieldDraft> = {
  description: { title: "Description", words: (description) => description },
  legalValues: { title: "Legal values", words: (values) => lines(values.map(valueWords)) },
  stickiness: { title: "Stickiness", words: (stickiness) => (stickiness ? "yes" : "no") },
};

export const CONTEXT_FIELDS: CreatableKind<ContextFieldDraft> = {
  noun: "context field",
  title: "Context fields",
  path: "/context",
  fields: FIELDS,
  rules: rulesOf("context field", FIELDS, ({ name, revision }, { legalValues, ...fields }) => ({
    contextFieldUpdate: {
      name,
      ...fields,
      ...(legalValues && { legalValues: legalValues.map(valueInput) }),
      expectedRevision: revision,
    },
  })),
  Form: ContextFieldForm,
  events: OWN_EVENTS.contextField,
  empty: { name: "", revision: 0, description: "", legalValues: [], stickiness: false },
  meaning:
    "Constraints can test any field that your applications send. Define a field so that people find it and forms suggest its values.",
  create: ({ name, description, legalValues, stickiness }) => ({
    contextFieldCreate: { name, description, legalValues: legalValues.map(valueInput), stickiness },
  }),
  isComplete: ({ name }) => name.trim() !== "",
};

function valueInput({ value, description }: LegalValueDraft) {
  return { value, description };
}

function valueWords({ value, description }: LegalValueDraft): string {
  return description === "" ? value : `${value}: ${description}`;
}

/** Return the draft without edits of a context field of the API. */
export function draftOf(field: ContextFieldPartsFragment): ContextFieldDraft {
  const { name, revision, description, stickiness } = field;
  return { name, revision, description, stickiness, legalValues: field.legalValues.map(valueInput) };
}
