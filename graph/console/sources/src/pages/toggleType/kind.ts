import { LifetimeForm } from "./LifetimeForm.tsx";
import type { ToggleTypePageQuery } from "../../gql/toggleType.ts";
import { OWN_EVENTS } from "../../objects/events.ts";
import { rulesOf } from "../../objects/fields.ts";
import type { Fields, ObjectDraft } from "../../objects/fields.ts";
import type { Kind } from "../../objects/kind.ts";

export type ToggleType = ToggleTypePageQuery["toggleTypes"][number];

export interface ToggleTypeDraft extends ObjectDraft {
  /** Null if the lifetime is unlimited. */
  lifetimeDays: number | null;
}

const FIELDS: Fields<ToggleTypeDraft> = {
  lifetimeDays: {
    title: "Expected lifetime",
    words: (days) => (days === null ? "unlimited" : `${days} days`),
  },
};

export const TOGGLE_TYPES: Kind<ToggleTypeDraft> = {
  noun: "toggle type",
  title: "Tags and types",
  path: "/tags",
  fields: FIELDS,
  rules: rulesOf("toggle type", FIELDS, ({ name }, { lifetimeDays }) => ({
    toggleTypeUpdate: { name, lifetimeDays: lifetimeDays ?? null },
  })),
  Form: LifetimeForm,
  events: OWN_EVENTS.toggleType,
};

/** Return the draft without edits of a toggle type of the API. Toggle types have no revisions. */
export function draftOf({ name, lifetimeDays }: ToggleType): ToggleTypeDraft {
  return { name, revision: 0, lifetimeDays };
}
