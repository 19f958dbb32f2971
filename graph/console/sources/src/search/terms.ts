// The terms of the search box, such as `words is:stale on:production -tag:team:web`.

export const KINDS = [
  "is",
  "on",
  "off",
  "type",
  "tag",
  "stage",
  "strategy",
  "segment",
  "app",
  "project",
  "unseen",
] as const;

export type Kind = (typeof KINDS)[number];

export interface Term {
  /** Words have the kind `text`. */
  kind: Kind | "text";
  value: string;
  isNegated: boolean;
}

const STATES: readonly string[] = ["stale", "potentially-stale", "active", "archived"];
const STAGES: readonly string[] = ["initial", "pre-live", "live", "completed"];
// A term ends at a space outside of quotation marks.
const TERM = /(?:[^\s"]|"[^"]*"?)+/g;

/** Return the terms of a text. Invalid terms are treated as words. */
export function parseTerms(text: string): Term[] {
  return (text.match(TERM) ?? []).map(parseTerm).filter(({ value }) => value !== "");
}

/** Return terms as text that `parseTerms` can parse. */
export function printTerms(terms: readonly Term[]): string {
  return terms.map(printTerm).join(" ");
}

function parseTerm(text: string): Term {
  const isNegated = text.length > 1 && text.startsWith("-");
  const content = isNegated ? text.slice(1) : text;
  const colon = content.indexOf(":");
  const kind = KINDS.find((known) => known === content.slice(0, Math.max(colon, 0)));
  const value = unquote(content.slice(colon + 1));
  if (kind && makesSense(kind, value)) return { kind, value, isNegated };
  return { kind: "text", value: unquote(content), isNegated };
}

function makesSense(kind: Kind, value: string): boolean {
  if (kind === "is") return STATES.includes(value);
  if (kind === "stage") return STAGES.includes(value);
  if (kind === "unseen") return /^[1-9]\d{0,3}$/.test(value);
  return value !== "";
}

function printTerm({ kind, value, isNegated }: Term): string {
  const sign = isNegated ? "-" : "";
  if (kind !== "text") return `${sign}${kind}:${quote(value)}`;
  // Without quotation marks, the word would be read as another term.
  const read = parseTerm(value);
  const isPlain = read.kind === "text" && !read.isNegated && !/[\s"]/.test(value);
  return sign + (isPlain ? value : `"${value}"`);
}

function quote(text: string): string {
  return /\s/.test(text) ? `"${text}"` : text;
}

function unquote(text: string): string {
  return text.replaceAll('"', "");
}
