// What people see and edit of a webhook.
import { decodeSegment } from "../app/address.ts";
import { eventTypeWords } from "../app/eventTypes.ts";
import { isEqual } from "../edits/draft.ts";
import type {
  EventType,
  WebhookCreateInput,
  WebhookFormat,
  WebhookPartsFragment,
  WebhookUpdateInput,
} from "../gql/webhooks.ts";

export const FORMATS: readonly { value: WebhookFormat; text: string; meaning: string }[] = [
  {
    value: "GENERIC",
    text: "JSON",
    meaning: "A JSON object with the event and its object before and after the change, for your own programs.",
  },
  { value: "SLACK", text: "Slack", meaning: "A message for an incoming webhook of Slack." },
  { value: "TEAMS", text: "Microsoft Teams", meaning: "A card for a workflow of Teams that starts with a request." },
  {
    value: "UNLEASH",
    text: "Unleash",
    meaning: "The event as in Unleash's admin API, or the template that a client of its addons API has stored.",
  },
];

/** The fields of a webhook that people edit. */
export interface WebhookDraft {
  name: string;
  description: string;
  receiverUrl: string;
  format: WebhookFormat;
  /** The types of events to send; null for all types. */
  eventTypes: readonly EventType[] | null;
  /** Empty means all projects. */
  projects: readonly string[];
  /** Empty means all environments. */
  environments: readonly string[];
}

/** The fields of the form, as paths of errors name them. */
export const FIELDS: readonly (keyof WebhookDraft)[] = [
  "name",
  "description",
  "receiverUrl",
  "format",
  "eventTypes",
  "projects",
  "environments",
];

export const NEW_WEBHOOK: WebhookDraft = {
  name: "",
  description: "",
  receiverUrl: "",
  format: "GENERIC",
  eventTypes: null,
  projects: [],
  environments: [],
};

/** Events that many receivers want, as a start for a choice of types. */
export const FIRST_TYPES: readonly EventType[] = ["TOGGLE_ENABLED", "TOGGLE_DISABLED"];

// Receivers of these hosts understand only messages of their own format.
const HOSTS: readonly (readonly [suffix: string, format: WebhookFormat])[] = [
  ["hooks.slack.com", "SLACK"],
  ["hooks.slack-gov.com", "SLACK"],
  [".webhook.office.com", "TEAMS"],
  [".logic.azure.com", "TEAMS"],
  [".api.powerplatform.com", "TEAMS"],
];

/** Return the format that the host of a URL expects; undefined if the host does not tell. */
export function formatFor(url: string): WebhookFormat | undefined {
  const host = parsed(url)?.hostname ?? "";
  return HOSTS.find(([suffix]) => (suffix.startsWith(".") ? host.endsWith(suffix) : host === suffix))?.[1];
}

/** Return a URL without its path and query, which may contain a secret. */
export function shortUrl(url: string): string {
  const { origin, pathname, search } = parsed(url) ?? { origin: "", pathname: "", search: "" };
  if (origin === "" || origin === "null") return url;
  return pathname === "/" && search === "" ? origin : `${origin}/…`;
}

function parsed(url: string): URL | undefined {
  try {
    return new URL(url.trim());
  } catch {
    return undefined;
  }
}

export function draftOf(webhook: WebhookPartsFragment): WebhookDraft {
  const { name, description, receiverUrl, format, eventTypes, projects, environments } = webhook;
  return { name, description, receiverUrl, format, eventTypes, projects, environments };
}

/** Return the input that creates a webhook. */
export function creationOf(draft: WebhookDraft): WebhookCreateInput {
  return inputOf(draft);
}

/** Return the input with the fields that differ from those of a webhook. */
export function updateOf(webhook: WebhookPartsFragment, draft: WebhookDraft): WebhookUpdateInput {
  const [before, after] = [inputOf(draftOf(webhook)), inputOf(draft)];
  const changed = FIELDS.filter((field) => !isEqual(before[field], after[field]));
  const fields = Object.fromEntries(changed.map((field) => [field, after[field]]));
  return { id: webhook.id, ...fields, expectedRevision: webhook.revision };
}

function inputOf({ name, receiverUrl, eventTypes, projects, environments, ...draft }: WebhookDraft) {
  return {
    ...draft,
    name: name.trim(),
    receiverUrl: receiverUrl.trim(),
    eventTypes: eventTypes && [...eventTypes],
    projects: [...projects],
    environments: [...environments],
  };
}

/** Return the types of events that a webhook gets, in words. */
export function typesWords(types: readonly EventType[] | null, most: number): string {
  if (types === null) return "All events";
  const words = types.slice(0, most).map(eventTypeWords);
  const rest = types.length - words.length;
  return words.length === 0 ? "No events" : `${words.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Return the projects and environments whose events a webhook gets, in words; empty if it gets those of all. */
export function placesWords({ projects, environments }: Pick<WebhookDraft, "projects" | "environments">): string {
  const parts = [];
  if (projects.length > 0) parts.push(`projects: ${projects.join(", ")}`);
  if (environments.length > 0) parts.push(`environments: ${environments.join(", ")}`);
  return parts.join("; ");
}

/** Return the address of a webhook's page, below the address of the console. */
export function webhookAddress(id: string): string {
  return `/webhooks/${encodeURIComponent(id)}`;
}

/** Return the ID of the webhook from a part of an address, as the router passes it to pages. */
export function webhookId(part: string): string {
  return decodeSegment(part);
}
