// The state of the playground, which the address contains.
import { parseAssumed } from "./assumed.ts";
import type { Assumed } from "./assumed.ts";
import { parseLines } from "./contexts.ts";
import type { Line } from "./contexts.ts";
import type { Address } from "../../app/address.ts";
import type { ContextInput } from "../../gql/playground.ts";

export interface View {
  lines: readonly Line[];
  contexts: readonly ContextInput[];
  /** The names of the environments. */
  environments: readonly string[];
  search: string;
  assumed: Assumed;
  onlyAffected: boolean;
}

/** A decision that the page explains. */
export interface Cell {
  toggle: string;
  environment: string;
  context: number;
}

/** Return the state that an address describes. Without a context, the empty context is evaluated. */
export function viewIn(address: Pick<Address, "one" | "all">, known: readonly string[], fallback: string): View {
  const lines = parseLines(address.all("context").join("\n"));
  const contexts = lines.flatMap(({ context }) => (context ? [context] : []));
  const named = address.all("env").filter((name) => known.includes(name));
  const assumed = parseAssumed(address.one("changes"));
  return {
    lines,
    contexts: contexts.length > 0 ? contexts : [{ properties: [] }],
    environments: named.length > 0 ? named : [fallback],
    search: address.one("q"),
    assumed,
    onlyAffected: assumed.changes.length > 0 && address.one("only") === "changes",
  };
}

/** Return the decision that an address explains, such as `0:production:new-checkout`. */
export function cellIn(text: string): Cell | undefined {
  const [, context, environment, toggle] = /^(\d+):([^:]+):(.+)$/s.exec(text) ?? [];
  if (context === undefined || !environment || !toggle) return undefined;
  return { context: Number(context), environment, toggle };
}

export function cellText({ context, environment, toggle }: Cell): string {
  return `${context}:${environment}:${toggle}`;
}
