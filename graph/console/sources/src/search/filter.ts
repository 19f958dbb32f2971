import type { Kind, Term } from "./terms.ts";
import type { LifecycleStage, Staleness, TagInput, ToggleFilter } from "../gql/toggles.ts";

/** Return the filter of the API that finds what the terms describe. */
export function filterOf(terms: readonly Term[]): ToggleFilter {
  const filter: ToggleFilter = {};
  const excluded: ToggleFilter[] = [];
  const positive = terms.filter((term) => !term.isNegated);
  for (const kind of ["type", "stage", "strategy", "segment", "app", "project"] as const) {
    const values = valuesOf(kind, positive);
    if (values.length > 0) Object.assign(filter, condition(kind, values));
  }
  const words = positive.filter(({ kind }) => kind === "text").map(({ value }) => value);
  if (words.length > 0) filter.search = words.join(" ");
  const tags = valuesOf("tag", positive);
  if (tags.length > 0) filter.allTags = tags.map(tagOf);
  const states = valuesOf("is", positive);
  if (states.includes("archived")) filter.archived = true;
  const staleness = states.filter((state) => state !== "archived");
  if (staleness.length > 0) Object.assign(filter, condition("is", staleness));
  const unseen = valuesOf("unseen", positive);
  if (unseen.length > 0) Object.assign(filter, condition("unseen", [longest(unseen)]));
  // The filter's list of environments matches if any environment matches. The search requires all
  // environments.
  for (const kind of ["on", "off"] as const) {
    const [first, ...others] = valuesOf(kind, positive);
    if (first) Object.assign(filter, condition(kind, [first]));
    excluded.push(...others.map((name) => ({ archived: null, not: { archived: null, ...condition(kind, [name]) } })));
  }
  for (const { kind, value } of terms.filter((term) => term.isNegated)) {
    excluded.push({ archived: null, ...condition(kind, [value]) });
  }
  const [only] = excluded;
  // Nested filters would otherwise match only active toggles.
  if (excluded.length > 1) filter.not = { archived: null, or: excluded };
  else if (only) filter.not = only;
  return filter;
}

function valuesOf(kind: Kind, terms: readonly Term[]): string[] {
  return terms.filter((term) => term.kind === kind).map(({ value }) => value);
}

function condition(kind: Kind | "text", values: string[]): ToggleFilter {
  switch (kind) {
    case "text":
      return { search: values.join(" ") };
    case "is":
      return values.includes("archived") ? { archived: true } : { staleness: values.map((value) => enumOf<Staleness>(value)) };
    case "on":
      return { enabledIn: values };
    case "off":
      return { disabledIn: values };
    case "type":
      return { types: values };
    case "tag":
      return { tags: values.map(tagOf) };
    case "stage":
      return { lifecycle: values.map((value) => enumOf<LifecycleStage>(value)) };
    case "strategy":
      return { strategies: values };
    case "segment":
      return { segmentNames: values };
    case "app":
      return { applications: values };
    case "project":
      return { projects: values };
    case "unseen":
      return { usage: { unseenForDays: Number(values[0]) } };
  }
}

/** Return a tag given as `type:value`, or as `value` for tags of the type `simple`. */
export function tagOf(text: string): TagInput {
  const colon = text.indexOf(":");
  if (colon < 1) return { type: "simple", value: text.slice(colon + 1) };
  return { type: text.slice(0, colon), value: text.slice(colon + 1) };
}

function enumOf<Value extends string>(word: string): Value {
  return word.toUpperCase().replaceAll("-", "_") as Value;
}

function longest(days: readonly string[]): string {
  return String(Math.max(...days.map(Number)));
}
