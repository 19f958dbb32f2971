// The changes that the page of environments makes.
import type { ChangeInput, EnvironmentType } from "../../gql/edits.ts";
import type { EnvironmentsPageQuery } from "../../gql/environments.ts";

export type Environment = EnvironmentsPageQuery["environments"][number];

export const TYPES: readonly { value: EnvironmentType; text: string; meaning: string }[] = [
  { value: "DEVELOPMENT", text: "Development", meaning: "Day-to-day work." },
  { value: "TEST", text: "Test", meaning: "Automated and manual tests." },
  { value: "PRE_PRODUCTION", text: "Pre-production", meaning: "Tests under the conditions of production." },
  {
    value: "PRODUCTION",
    text: "Production",
    meaning: "Real users. The console protects its switches: they wait five seconds, or ask for confirmation.",
  },
];

/** An environment that does not exist yet, as the form shows it. */
export interface NewEnvironment {
  name: string;
  type: EnvironmentType;
  /** The environment whose configurations are copied, or an empty string. */
  copyFrom: string;
}

export function creationOf({ name, type, copyFrom }: NewEnvironment): ChangeInput {
  return { environmentCreate: { name, type, ...(copyFrom !== "" && { copyFrom }) } };
}

/** Return the environments after one of them is moved by a number of places. */
export function moved<Item extends { name: string }>(items: readonly Item[], name: string, places: number): Item[] {
  const from = items.findIndex((item) => item.name === name);
  const item = items[from];
  if (!item) return [...items];
  const others = items.toSpliced(from, 1);
  return others.toSpliced(Math.max(from + places, 0), 0, item);
}

/**
 * Return the fewest changes that give environments an order. The positions stay the same if they are all different;
 * otherwise the environments are numbered.
 */
export function orderChanges(ordered: readonly Environment[]): ChangeInput[] {
  const positions = ordered.map(({ sortOrder }) => sortOrder).toSorted((a, b) => a - b);
  const areUnique = new Set(positions).size === positions.length;
  return ordered.flatMap(({ name, sortOrder, revision }, index): ChangeInput[] => {
    const position = areUnique ? (positions[index] ?? index) : index;
    if (position === sortOrder) return [];
    return [{ environmentUpdate: { name, sortOrder: position, expectedRevision: revision } }];
  });
}
