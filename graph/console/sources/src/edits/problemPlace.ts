import { displayPath } from "../parts/difference.ts";

/** Return the field of a change that a path of an error leads to, such as `constraints › 1 › values`. */
export function placeInChanges(path: readonly string[]): string {
  // The path begins with the list of changes, the position of a change and the name of its mutation.
  if (path[0] !== "changes") return "";
  const parts = path.slice(3).map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1"));
  return displayPath(["", ...parts].join("/"));
}

/** Return the entry of an imported file that a path of an error leads to, such as `features.0.name`. */
export function placeInFile(path: readonly string[]): string {
  // The path begins with the name of the source and its form.
  return path.slice(2).join(".");
}
