import type { ReactNode } from "react";
import { Link } from "wouter";

import css from "./Button.module.css";

interface Props {
  href: string;
  kind?: "plain" | "primary";
  /** The key that follows the link, in the syntax of `aria-keyshortcuts`. */
  keys?: string;
  children: ReactNode;
}

/** A link to another page that looks like a button. */
export function LinkButton({ href, kind = "plain", keys, children }: Props) {
  return (
    <Link href={href} className={css.button} data-kind={kind} aria-keyshortcuts={keys}>
      {children}
    </Link>
  );
}
