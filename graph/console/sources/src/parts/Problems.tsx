import type { ReactNode } from "react";

import css from "./Problems.module.css";

interface Props<Problem> {
  problems: readonly Problem[];
  /** Return what follows the sentence of a problem. */
  children?: (problem: Problem) => ReactNode;
}

/** The reasons why the server refused a change; nothing if there are none. */
export function Problems<Problem extends { message: string }>({ problems, children }: Props<Problem>) {
  return (
    <div role="alert" className={css.problems}>
      {problems.map((problem) => (
        <p key={problem.message} className={css.problem}>
          {problem.message}
          {children?.(problem)}
        </p>
      ))}
    </div>
  );
}
