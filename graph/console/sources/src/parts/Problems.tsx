import type { ReactNode } from "react";

import css from "./Problems.module.css";

interface Props<Problem> {
  problems: readonly Problem[];
  /** Return the place of a problem in the input or file, or an empty text. */
  placeOf?: ((problem: Problem) => string) | undefined;
  /** Return what follows the sentence of a problem. */
  children?: (problem: Problem) => ReactNode;
}

/** The reasons why the server refused a change; nothing if there are none. */
export function Problems<Problem extends { message: string }>({ problems, placeOf, children }: Props<Problem>) {
  return (
    <div role="alert" className={css.problems}>
      {problems.map((problem, index) => (
        <p key={index} className={css.problem}>
          {problem.message}
          <Place text={placeOf?.(problem) ?? ""} />
          {children?.(problem)}
        </p>
      ))}
    </div>
  );
}

function Place({ text }: { text: string }) {
  if (text === "") return null;
  return (
    <>
      {" "}
      <code>{text}</code>
    </>
  );
}
