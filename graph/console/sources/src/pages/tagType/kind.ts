import { TagTypeForm } from "./TagTypeForm.tsx";
import type { TagTypePartsFragment } from "../../gql/tagType.ts";
import { OWN_EVENTS } from "../../objects/events.ts";
import { rulesOf } from "../../objects/fields.ts";
import type { Fields, ObjectDraft } from "../../objects/fields.ts";
import type { CreatableKind } from "../../objects/kind.ts";

export interface TagTypeDraft extends ObjectDraft {
  description: string;
  /** The name of an icon, or empty. */
  icon: string;
  /** A hex triplet, or empty. */
  color: string;
}

const FIELDS: Fields<TagTypeDraft> = {
  description: { title: "Description", words: (description) => description },
  color: { title: "Colour", words: (color) => color },
  icon: { title: "Icon", words: (icon) => icon },
};

export const TAG_TYPES: CreatableKind<TagTypeDraft> = {
  noun: "tag type",
  title: "Tags and types",
  path: "/tags",
  fields: FIELDS,
  rules: rulesOf("tag type", FIELDS, ({ name, revision }, { description, icon, color }) => ({
    tagTypeUpdate: {
      name,
      ...(description !== undefined && { description }),
      ...(icon !== undefined && { icon: icon.trim() || null }),
      ...(color !== undefined && { color: color.trim() || null }),
      expectedRevision: revision,
    },
  })),
  Form: TagTypeForm,
  events: OWN_EVENTS.tagType,
  empty: { name: "", revision: 0, description: "", icon: "", color: "" },
  meaning: "The type says what a tag means, such as a team or a ticket.",
  create: ({ name, description, icon, color }) => ({
    tagTypeCreate: { name, description, icon: icon.trim() || null, color: color.trim() || null },
  }),
  isComplete: ({ name }) => name.trim() !== "",
};

/** Return the draft without edits of a tag type of the API. */
export function draftOf({ name, revision, description, icon, color }: TagTypePartsFragment): TagTypeDraft {
  return { name, revision, description, icon: icon ?? "", color: color ?? "" };
}
