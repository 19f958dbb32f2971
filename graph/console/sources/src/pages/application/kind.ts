import { ApplicationForm } from "./ApplicationForm.tsx";
import type { ApplicationPartsFragment } from "../../gql/application.ts";
import { OWN_EVENTS } from "../../objects/events.ts";
import { rulesOf } from "../../objects/fields.ts";
import type { Fields, ObjectDraft } from "../../objects/fields.ts";
import type { Kind } from "../../objects/kind.ts";

export interface ApplicationDraft extends ObjectDraft {
  description: string;
  /** Empty if the application has no URL. */
  url: string;
  /** The name of an icon, or empty. */
  icon: string;
}

const FIELDS: Fields<ApplicationDraft> = {
  description: { title: "Description", words: (description) => description },
  url: { title: "URL", words: (url) => url },
  icon: { title: "Icon", words: (icon) => icon },
};

export const APPLICATIONS: Kind<ApplicationDraft> = {
  noun: "application",
  title: "Applications",
  path: "/applications",
  fields: FIELDS,
  rules: rulesOf("application", FIELDS, ({ name }, { description, url, icon }) => ({
    applicationUpdate: {
      name,
      ...(description !== undefined && { description }),
      ...(url !== undefined && { url: url.trim() || null }),
      ...(icon !== undefined && { icon: icon.trim() || null }),
    },
  })),
  Form: ApplicationForm,
  events: OWN_EVENTS.application,
};

/** Return the draft without edits of an application of the API. Applications have no revisions. */
export function draftOf({ name, description, url, icon }: ApplicationPartsFragment): ApplicationDraft {
  return { name, revision: 0, description, url: url ?? "", icon: icon ?? "" };
}
