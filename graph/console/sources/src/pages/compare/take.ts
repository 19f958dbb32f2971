// The setting to take to the other side. The parameter `take` of the address has the side that changes, and the key
// of a row or `*` for the whole configuration, as in `right:switch`.
import type { SettingGroup } from "./rows.ts";
import { changesOf } from "../../edits/changes.ts";
import type { EnvironmentDraft, ToggleDraft } from "../../edits/draft.ts";
import type { ChangeInput } from "../../gql/edits.ts";
import type { Side } from "../../parts/SideBySide.tsx";

export const EVERYTHING = "*";

export interface Comparison {
  toggle: ToggleDraft;
  left: EnvironmentDraft;
  right: EnvironmentDraft;
  groups: readonly SettingGroup[];
}

export interface Taking {
  /** The environment that changes. */
  environment: string;
  changes: ChangeInput[];
}

export function takeOf(side: Side, key: string): string {
  return `${side}:${key}`;
}

/** Return the changes that the parameter `take` describes. */
export function takingOf(take: string, { toggle, left, right, groups }: Comparison): Taking | undefined {
  const colon = take.indexOf(":");
  const side = take.slice(0, colon);
  const key = take.slice(colon + 1);
  if (side !== "left" && side !== "right") return undefined;
  const [source, target] = side === "right" ? [left, right] : [right, left];
  const { environment } = target;
  if (key === EVERYTHING) {
    const copy = { name: toggle.name, from: source.environment, to: environment, enabled: true };
    const changes = [{ toggleCopyConfiguration: { ...copy, expectedRevision: target.revision } }];
    return { environment, changes };
  }
  const row = groups.flatMap(({ rows }) => rows).find((each) => each.key === key);
  if (!row) return undefined;
  const taken = row.take(source, target);
  const environments = toggle.environments.map((each) => (each === target ? taken : each));
  return { environment, changes: changesOf(toggle, { ...toggle, environments }) };
}
