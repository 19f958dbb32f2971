// The fields of objects that toggles refer to, such as segments: how drafts are compared, merged and saved.
import { isEqual } from "../edits/draft.ts";
import type { MergeRules } from "../edits/merging.ts";
import { each, Place } from "../edits/threeWay.ts";
import type { Choices, Merge, Three } from "../edits/threeWay.ts";
import type { ChangeInput } from "../gql/edits.ts";

/** The draft of an object: what people edit. Drafts are values; edits return new drafts. */
export interface ObjectDraft {
  name: string;
  /** The revision of the object that the draft began with. Objects without revisions have zero. */
  revision: number;
}

/** A field that people edit. */
interface Field<Value> {
  title: string;
  /** The value as text, which people can compare by eye. */
  words: (value: Value) => string;
}

/** The fields of a kind of object that people edit after its creation, in the order of the form. */
export type Fields<Draft> = { readonly [Key in keyof Draft]?: Field<Draft[Key]> };

/** The values of the fields that differ between two drafts. */
export function changedFields<Draft>(before: Draft, after: Draft, fields: Fields<Draft>): Partial<Draft> {
  const changed = keysOf(fields).filter((key) => !isEqual(before[key], after[key]));
  return Object.fromEntries(changed.map((key) => [key, after[key]])) as Partial<Draft>;
}

/** The titles and words of the fields of a draft. */
export function wordsOf<Draft>(draft: Draft, fields: Fields<Draft>): { title: string; words: string }[] {
  return keysOf(fields).map((key) => ({ title: fields[key]?.title ?? "", words: fields[key]?.words(draft[key]) ?? "" }));
}

/** The titles of the fields of which some values are given. */
export function titlesOf<Draft>(values: Partial<Draft>, fields: Fields<Draft>): string[] {
  return keysOf(fields).flatMap((key) => (Object.hasOwn(values, key) ? [fields[key]?.title ?? ""] : []));
}

/** Merge the edits of two sides that began from the same draft, field by field. */
export function mergeFields<Draft extends ObjectDraft>(
  drafts: Three<Draft>,
  choices: Choices,
  fields: Fields<Draft>,
): Merge<Draft> {
  const place = new Place(choices);
  const merged = keysOf(fields).map((key) => {
    const { title = "", words } = fields[key] ?? {};
    const values = each(drafts, (draft) => draft[key]);
    return [key, place.below(String(key), title).settle(values, (value) => words?.(value))];
  });
  return { draft: { ...drafts.theirs, ...Object.fromEntries(merged) }, conflicts: place.conflicts };
}

/** Return the rules for drafts of a kind of object. `update` returns the change that sets some of the fields. */
export function rulesOf<Draft extends ObjectDraft>(
  noun: string,
  fields: Fields<Draft>,
  update: (before: Draft, changed: Partial<Draft>) => ChangeInput,
): MergeRules<Draft> {
  const isChanged = (before: Draft, after: Draft) => !isEqual(before, after);
  return {
    noun,
    isChanged,
    changesOf: (before, after) => {
      const changed = changedFields(before, after, fields);
      return Object.keys(changed).length === 0 ? [] : [update(before, changed)];
    },
    catchUp: (drafts, choices) =>
      isChanged(drafts.base, drafts.theirs) ? mergeFields(drafts, choices, fields) : undefined,
  };
}

function keysOf<Draft>(fields: Fields<Draft>): (keyof Draft)[] {
  return Object.keys(fields) as (keyof Draft)[];
}
