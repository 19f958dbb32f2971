import { printTerms } from "./terms.ts";
import type { Term } from "./terms.ts";

/** Return the address of the list of toggles that all terms find, below the address of the console. */
export function toggleSearch(...terms: readonly Omit<Term, "isNegated">[]): string {
  const text = printTerms(terms.map((term) => ({ ...term, isNegated: false })));
  return `/toggles?q=${encodeURIComponent(text)}`;
}

/** Return the address of the list of toggles that have a tag. */
export function tagSearch(type: string, value: string): string {
  return toggleSearch({ kind: "tag", value: type === "simple" && !value.includes(":") ? value : `${type}:${value}` });
}
