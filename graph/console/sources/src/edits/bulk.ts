// The actions on selected toggles. The parameter `do` of the address names an action.
import type { ChangeInput } from "../gql/edits.ts";
import { tagOf } from "../search/filter.ts";

export interface BulkAction {
  title: string;
  changeOf: (name: string) => ChangeInput;
}

/** Return the action that a text such as `on:production` or `untag:team:web` names, if any. */
export function bulkAction(text: string): BulkAction | undefined {
  const colon = text.indexOf(":");
  const verb = colon < 0 ? text : text.slice(0, colon);
  const object = colon < 0 ? "" : text.slice(colon + 1);
  switch (verb) {
    case "on":
    case "off":
      return {
        title: `Switch ${verb} in ${object}`,
        changeOf: (name) => ({
          toggleSetEnabled: { name, environment: object, enabled: verb === "on" },
        }),
      };
    case "stale":
    case "fresh":
      return {
        title: verb === "stale" ? "Mark as stale" : "Mark as not stale",
        changeOf: (name) => ({ toggleUpdate: { name, stale: verb === "stale" } }),
      };
    case "tag":
      return {
        title: `Add the tag ${object}`,
        changeOf: (name) => ({ toggleTags: { name, add: [tagOf(object)] } }),
      };
    case "untag":
      return {
        title: `Remove the tag ${object}`,
        changeOf: (name) => ({ toggleTags: { name, remove: [tagOf(object)] } }),
      };
    case "archive":
      return { title: "Archive", changeOf: (name) => ({ toggleArchive: { name } }) };
    case "revive":
      return { title: "Revive", changeOf: (name) => ({ toggleRevive: { name } }) };
    default:
      return undefined;
  }
}
