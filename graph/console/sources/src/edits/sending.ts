import { useState } from "react";

import { problemOf } from "./plan.ts";

/** The reason why a change was refused. */
export interface Refusal {
  message: string;
  /** The place in the input, such as the name of a field. */
  path?: readonly string[] | null;
}

interface Refusable {
  errors: readonly Refusal[];
}

interface Sending {
  isSending: boolean;
  /** The reasons why the last change was refused. */
  problems: readonly Refusal[];
  /** Send a change. Return the answer, or undefined if the change was refused or the server did not answer. */
  send: <Answer extends Refusable>(change: () => Promise<Answer>) => Promise<Answer | undefined>;
}

/** Send changes that have no dry run, one at a time. */
export function useSending(): Sending {
  const [isSending, setSending] = useState(false);
  const [problems, setProblems] = useState<Sending["problems"]>([]);
  return {
    isSending,
    problems,
    send: async (change) => {
      setSending(true);
      try {
        const answer = await change();
        setProblems(answer.errors);
        return answer.errors.length === 0 ? answer : undefined;
      } catch (error) {
        setProblems([problemOf(error)]);
        return undefined;
      } finally {
        setSending(false);
      }
    },
  };
}

/** Return the reasons that concern a field, as one text; undefined if there are none. */
export function problemAt(problems: readonly Refusal[], field: string): string | undefined {
  const own = problems.filter(({ path }) => path?.[0] === field);
  return own.length === 0 ? undefined : own.map(({ message }) => message).join(" ");
}

/** Return the reasons that concern none of some fields. */
export function problemsElsewhere(problems: readonly Refusal[], fields: readonly string[]): readonly Refusal[] {
  return problems.filter(({ path }) => !fields.includes(path?.[0] ?? ""));
}
