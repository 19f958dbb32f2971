// The search parameters of the address, which contain the state of a page.
import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";

/** The new values of parameters. A parameter with null or an empty list is removed. */
export type Changes = Readonly<Record<string, string | readonly string[] | null>>;

export interface Address {
  /** The value of a parameter, or an empty string. */
  one: (name: string) => string;
  /** All values of a parameter. */
  all: (name: string) => readonly string[];
  /** Change parameters. Only `push` adds an entry to the history of the browser. */
  change: (changes: Changes, how?: "push" | "replace") => void;
}

export function useAddress(): Address {
  const [params, setParams] = useSearchParams();
  const change = useCallback<Address["change"]>(
    (changes, how = "replace") => {
      setParams((before) => changed(before, changes), { replace: how === "replace" });
    },
    [setParams],
  );
  return useMemo(
    () => ({
      one: (name) => params.get(name) ?? "",
      all: (name) => params.getAll(name),
      change,
    }),
    [params, change],
  );
}

/** Return search parameters with some values replaced. */
export function changed(before: URLSearchParams, changes: Changes): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const [name, value] of Object.entries(changes)) {
    after.delete(name);
    const values = typeof value === "string" ? [value] : (value ?? []);
    for (const each of values) if (each !== "") after.append(name, each);
  }
  return after;
}

/** Decode a segment of a path, from which the router has decoded everything except separators. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
