import { useState } from "react";

import { problemOf } from "./plan.ts";

interface Refusable {
  errors: readonly { message: string }[];
}

interface Sending {
  isSending: boolean;
  /** The reasons why the last change was refused. */
  problems: readonly { message: string }[];
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
