import type { ReactNode } from "react";

import css from "./Badge.module.css";

interface Props {
  tone: "good" | "warn" | "bad" | "plain";
  children: ReactNode;
}

/** A word about the state of an object. */
export function Badge({ tone, children }: Props) {
  return (
    <span className={css.badge} data-tone={tone}>
      {children}
    </span>
  );
}
