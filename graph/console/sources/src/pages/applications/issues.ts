import type { ApplicationRowFragment } from "../../gql/applications.ts";

const KINDS = [
  ["unknownToggleCount", "undefined name", "undefined names"],
  ["archivedToggleCount", "archived toggle", "archived toggles"],
  ["missingStrategyCount", "missing strategy", "missing strategies"],
  ["unknownStrategyCount", "undefined strategy", "undefined strategies"],
  ["outdatedSdkCount", "old SDK", "old SDKs"],
] as const;

/** Return the problems of an application in words, such as `2 undefined names`: one text for each kind. */
export function issueWords(issues: Omit<ApplicationRowFragment["issues"], "count">): string[] {
  return KINDS.flatMap(([key, one, many]) => {
    const count = issues[key];
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
}
