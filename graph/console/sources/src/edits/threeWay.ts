// Joins two edits of the same value: what both began from, their state, and my state.
import { isEqual } from "./draft.ts";

export const SIDES = ["base", "theirs", "mine"] as const;

export type Side = (typeof SIDES)[number];

export type Three<Value> = Readonly<Record<Side, Value>>;

/** A field that both sides changed differently. */
export interface Conflict {
  /** Identifies the conflict among those of the same states. */
  key: string;
  /** The place of the field in words, from the outside to the inside. */
  place: readonly string[];
  /** The values as text; undefined if the side lacks the whole object. */
  words: Three<string | undefined>;
  /** The sides that can be chosen. */
  options: readonly Side[];
}

export type Choices = Readonly<Record<string, Side>>;

export interface Merge<Draft> {
  /** My draft with the changes of the other side, at the revisions of the other side. */
  draft: Draft;
  /** The fields that both sides changed differently. Until a side is chosen, the draft has my values. */
  conflicts: readonly Conflict[];
}

/** A place in a draft, which collects the conflicts below it. */
export class Place {
  readonly #key: string;
  readonly #words: readonly string[];
  readonly #choices: Choices;
  readonly conflicts: Conflict[];

  constructor(choices: Choices, conflicts: Conflict[] = [], key = "", words: readonly string[] = []) {
    this.#choices = choices;
    this.conflicts = conflicts;
    this.#key = key;
    this.#words = words;
  }

  /** The place below this one. Without words, the place is not named to people. */
  below(key: string, words?: string): Place {
    const escaped = key.replaceAll("~", "~0").replaceAll("/", "~1");
    const place = words === undefined ? this.#words : [...this.#words, words];
    return new Place(this.#choices, this.conflicts, `${this.#key}/${escaped}`, place);
  }

  /**
   * Return the value that only one side changed, or that both sides changed in the same way. Otherwise note a
   * conflict, and return the value of the chosen side. Until a side is chosen, my value remains.
   */
  settle<Value>(values: Three<Value>, words: (value: Value) => string | undefined, options: readonly Side[] = SIDES): Value {
    const { base, theirs, mine } = values;
    if (isEqual(theirs, mine) || isEqual(base, theirs)) return mine;
    if (isEqual(base, mine)) return theirs;
    return values[this.ask({ base: words(base), theirs: words(theirs), mine: words(mine) }, options)];
  }

  /** Note a conflict, and return the chosen side. */
  ask(words: Conflict["words"], options: readonly Side[] = SIDES): Side {
    this.conflicts.push({ key: this.#key, place: this.#words, words, options });
    const choice = this.#choices[this.#key];
    return choice !== undefined && options.includes(choice) ? choice : "mine";
  }
}

/** Return the same part of all three values. */
export function each<Value, Part>(values: Three<Value>, part: (value: Value) => Part): Three<Part> {
  return { base: part(values.base), theirs: part(values.theirs), mine: part(values.mine) };
}
