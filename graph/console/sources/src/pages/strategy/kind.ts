import { StrategyForm } from "./StrategyForm.tsx";
import { lines } from "../../edits/words.ts";
import type { StrategyParameterType } from "../../gql/edits.ts";
import type { StrategyPartsFragment } from "../../gql/strategy.ts";
import { OWN_EVENTS } from "../../objects/events.ts";
import { rulesOf } from "../../objects/fields.ts";
import type { Fields, ObjectDraft } from "../../objects/fields.ts";
import type { CreatableKind } from "../../objects/kind.ts";

export interface ParameterDraft {
  name: string;
  /** `string`, `number`, `percentage`, `boolean` or `list`. */
  type: string;
  description: string;
  required: boolean;
}

export interface StrategyDraft extends ObjectDraft {
  title: string;
  description: string;
  parameters: readonly ParameterDraft[];
  deprecated: boolean;
}

const FIELDS: Fields<StrategyDraft> = {
  title: { title: "Title", words: (title) => title },
  description: { title: "Description", words: (description) => description },
  parameters: { title: "Parameters", words: (parameters) => lines(parameters.map(parameterWords)) },
  deprecated: { title: "Deprecated", words: (deprecated) => (deprecated ? "yes" : "no") },
};

export const STRATEGIES: CreatableKind<StrategyDraft> = {
  noun: "strategy",
  title: "Strategies",
  path: "/strategies",
  fields: FIELDS,
  rules: rulesOf("strategy", FIELDS, ({ name, revision }, { parameters, ...fields }) => ({
    strategyUpdate: {
      name,
      ...fields,
      ...(parameters && { parameters: parameters.map(parameterInput) }),
      expectedRevision: revision,
    },
  })),
  Form: StrategyForm,
  events: OWN_EVENTS.strategy,
  empty: { name: "", revision: 0, title: "", description: "", parameters: [], deprecated: false },
  meaning:
    "Define a strategy after your applications implement it in their SDKs. Consider constraints and segments first: every SDK knows them.",
  create: ({ name, title, description, parameters }) => ({
    strategyCreate: { name, title, description, parameters: parameters.map(parameterInput) },
  }),
  isComplete: ({ name }) => name.trim() !== "",
};

// The server explains what is wrong with parameters.
function parameterInput({ name, type, description, required }: ParameterDraft) {
  return { name: name.trim(), type: type.toUpperCase() as StrategyParameterType, description, required };
}

function parameterWords({ name, type, description, required }: ParameterDraft): string {
  return `${name}: ${type}${required ? ", required" : ""}${description === "" ? "" : ` (${description})`}`;
}

/** Return the draft without edits of a strategy of the API. */
export function draftOf(strategy: StrategyPartsFragment): StrategyDraft {
  const { name, revision, title, description, deprecated } = strategy;
  const parameters = strategy.parameters.map((parameter) => ({
    name: parameter.name,
    type: parameter.type,
    description: parameter.description,
    required: parameter.required,
  }));
  return { name, revision, title, description, parameters, deprecated };
}
