// The types of events in words.
import type { EventType } from "../gql/edits.ts";

const WORDS: Record<EventType, string> = {
  TOGGLE_CREATED: "Toggle created",
  TOGGLE_UPDATED: "Toggle changed in all environments",
  TOGGLE_CONFIGURED: "Toggle configured",
  TOGGLE_ENABLED: "Toggle switched on",
  TOGGLE_DISABLED: "Toggle switched off",
  TOGGLE_STRATEGY_ADDED: "Strategy added to a toggle",
  TOGGLE_STRATEGY_UPDATED: "Strategy of a toggle changed",
  TOGGLE_STRATEGY_REMOVED: "Strategy removed from a toggle",
  TOGGLE_STRATEGIES_REORDERED: "Strategies of a toggle reordered",
  TOGGLE_VARIANTS_UPDATED: "Variants of a toggle changed",
  TOGGLE_TAGGED: "Tag added to a toggle",
  TOGGLE_UNTAGGED: "Tag removed from a toggle",
  TOGGLE_STALE_ON: "Toggle marked stale",
  TOGGLE_STALE_OFF: "Toggle no longer stale",
  TOGGLE_POTENTIALLY_STALE_ON: "Toggle past its lifetime",
  TOGGLE_DEPENDENCIES_UPDATED: "Dependencies of a toggle changed",
  TOGGLE_ARCHIVED: "Toggle archived",
  TOGGLE_REVIVED: "Toggle revived",
  TOGGLE_DELETED: "Toggle deleted",
  TOGGLE_TYPE_UPDATED: "Toggle type changed",
  STRATEGY_CREATED: "Strategy defined",
  STRATEGY_UPDATED: "Strategy definition changed",
  STRATEGY_DEPRECATED: "Strategy deprecated",
  STRATEGY_REACTIVATED: "Strategy reactivated",
  STRATEGY_DELETED: "Strategy deleted",
  APPLICATION_CREATED: "Application reported first",
  APPLICATION_UPDATED: "Application changed",
  APPLICATION_DELETED: "Application deleted",
  ENVIRONMENT_CREATED: "Environment created",
  ENVIRONMENT_UPDATED: "Environment changed",
  ENVIRONMENT_DELETED: "Environment deleted",
  PROJECT_CREATED: "Project created",
  PROJECT_UPDATED: "Project changed",
  PROJECT_DELETED: "Project deleted",
  SEGMENT_CREATED: "Segment created",
  SEGMENT_UPDATED: "Segment changed",
  SEGMENT_DELETED: "Segment deleted",
  CONTEXT_FIELD_CREATED: "Context field defined",
  CONTEXT_FIELD_UPDATED: "Context field changed",
  CONTEXT_FIELD_DELETED: "Context field deleted",
  TAG_TYPE_CREATED: "Tag type created",
  TAG_TYPE_UPDATED: "Tag type changed",
  TAG_TYPE_DELETED: "Tag type deleted",
  TAG_CREATED: "Tag created",
  TAG_DELETED: "Tag deleted",
  API_TOKEN_CREATED: "API token created",
  API_TOKEN_UPDATED: "API token changed",
  API_TOKEN_REVOKED: "API token revoked",
  WEBHOOK_CREATED: "Webhook created",
  WEBHOOK_UPDATED: "Webhook changed",
  WEBHOOK_DELETED: "Webhook deleted",
  WEBHOOK_TESTED: "Webhook tested",
  CHANGE_SET_SCHEDULED: "Change set scheduled",
  CHANGE_SET_APPLIED: "Change set applied",
  CHANGE_SET_STEP_APPLIED: "Step of a rollout applied",
  CHANGE_SET_PAUSED: "Rollout paused",
  CHANGE_SET_RESUMED: "Rollout resumed",
  CHANGE_SET_CANCELLED: "Change set cancelled",
  CHANGE_SET_REFUSED: "Change set refused",
  STATE_IMPORTED: "State imported",
  OTHER: "Another event of an Unleash server",
};

// The first matching prefix determines the group.
const GROUPS: readonly (readonly [string, string])[] = [
  ["TOGGLE_TYPE_", "Definitions"],
  ["TOGGLE_", "Toggles"],
  ["CHANGE_SET_", "Change sets"],
  ["APPLICATION_", "Applications"],
  ["", "Definitions"],
];

export interface TypeGroup {
  title: string;
  options: readonly { value: string; text: string }[];
}

/** All types of events in groups, as options for a choice. */
export const TYPE_GROUPS: readonly TypeGroup[] = ["Toggles", "Change sets", "Applications", "Definitions"].map(
  (title) => ({
    title,
    options: Object.entries(WORDS)
      .filter(([type]) => groupOf(type) === title)
      .map(([type, text]) => ({ value: nameOf(type), text })),
  }),
);

export const EVENT_TYPES = Object.keys(WORDS) as readonly EventType[];

export function eventTypeWords(type: EventType): string {
  return WORDS[type];
}

/** Return the words for a type in an address, such as `toggle-archived`. Unknown names are returned unchanged. */
export function typeWords(name: string): string {
  return (WORDS as Record<string, string>)[typeOf(name)] ?? name;
}

/** Return the type of the API for a name in an address. The server refuses unknown types. */
export function typeOf(name: string): EventType {
  return name.toUpperCase().replaceAll("-", "_") as EventType;
}

function nameOf(type: string): string {
  return type.toLowerCase().replaceAll("_", "-");
}

function groupOf(type: string): string | undefined {
  return GROUPS.find(([prefix]) => type.startsWith(prefix))?.[1];
}
