// The types of the events that change what the pages of a kind of object show.
import type { EventType } from "../gql/edits.ts";

type Name = "segment" | "strategy" | "contextField" | "project" | "tagType" | "toggleType" | "application";

/** The events about the objects of a kind themselves. */
export const OWN_EVENTS: Record<Name, readonly EventType[]> = {
  segment: ["SEGMENT_CREATED", "SEGMENT_UPDATED", "SEGMENT_DELETED"],
  strategy: [
    "STRATEGY_CREATED",
    "STRATEGY_UPDATED",
    "STRATEGY_DEPRECATED",
    "STRATEGY_REACTIVATED",
    "STRATEGY_DELETED",
  ],
  contextField: ["CONTEXT_FIELD_CREATED", "CONTEXT_FIELD_UPDATED", "CONTEXT_FIELD_DELETED"],
  project: ["PROJECT_CREATED", "PROJECT_UPDATED", "PROJECT_DELETED"],
  tagType: ["TAG_TYPE_CREATED", "TAG_TYPE_UPDATED", "TAG_TYPE_DELETED"],
  toggleType: ["TOGGLE_TYPE_UPDATED"],
  application: ["APPLICATION_CREATED", "APPLICATION_UPDATED", "APPLICATION_DELETED"],
};

// These change which toggles there are, and what they use.
const TOGGLE_EVENTS: readonly EventType[] = [
  "TOGGLE_CREATED",
  "TOGGLE_UPDATED",
  "TOGGLE_CONFIGURED",
  "TOGGLE_STRATEGY_ADDED",
  "TOGGLE_STRATEGY_UPDATED",
  "TOGGLE_STRATEGY_REMOVED",
  "TOGGLE_TAGGED",
  "TOGGLE_UNTAGGED",
  "TOGGLE_ARCHIVED",
  "TOGGLE_REVIVED",
  "TOGGLE_DELETED",
  "STATE_IMPORTED",
];

/** The events about the objects of a kind and about the toggles that use them. */
export const FOLLOWED_EVENTS: Record<Exclude<Name, "toggleType">, readonly EventType[]> = {
  segment: [...OWN_EVENTS.segment, ...TOGGLE_EVENTS],
  strategy: [...OWN_EVENTS.strategy, ...TOGGLE_EVENTS],
  contextField: [...OWN_EVENTS.contextField, ...OWN_EVENTS.segment, "STATE_IMPORTED"],
  project: [...OWN_EVENTS.project, ...TOGGLE_EVENTS],
  tagType: [...OWN_EVENTS.tagType, ...OWN_EVENTS.toggleType, ...TOGGLE_EVENTS],
  application: [...OWN_EVENTS.application, ...OWN_EVENTS.strategy, ...TOGGLE_EVENTS],
};
