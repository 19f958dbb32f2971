import type { ComponentType, ReactNode } from "react";

import type { Fields, ObjectDraft } from "./fields.ts";
import type { MergeRules } from "../edits/merging.ts";
import type { ChangeInput, EventType } from "../gql/edits.ts";

/** The fields of a form. */
export interface FormProps<Draft> {
  draft: Draft;
  /** Whether the object does not exist yet, so that its name can be chosen. */
  isNew: boolean;
  onChange: (fields: Partial<Draft>) => void;
}

/** A kind of object with a list, a page for each object, and a form. */
export interface Kind<Draft extends ObjectDraft> {
  /** What an object is called in sentences, such as `segment`. */
  noun: string;
  /** What the list is called, such as `Segments`. */
  title: string;
  /** The address of the list. */
  path: string;
  fields: Fields<Draft>;
  rules: MergeRules<Draft>;
  /** The fields of the form. */
  Form: ComponentType<FormProps<Draft>>;
  /** The types of the events about the objects themselves. */
  events: readonly EventType[];
}

/** A kind of object that people create. */
export interface CreatableKind<Draft extends ObjectDraft> extends Kind<Draft> {
  empty: Draft;
  /** Explains the kind above the form of a new object. */
  meaning: ReactNode;
  create: (draft: Draft) => ChangeInput;
  /** Whether the form has everything that the server requires. */
  isComplete: (draft: Draft) => boolean;
}
