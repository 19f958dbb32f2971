import type { ReactNode } from "react";
import { Link } from "wouter";

import css from "./Button.module.css";

interface Props {
  href: string;
  kind?: "plain" | "primary";
  children: ReactNode;
}

/** A link to another page that looks like a button. */
export function LinkButton({ href, kind = "plain", children }: Props) {
  return (
    <Link href={href} className={css.button} data-kind={kind}>
      {children}
    </Link>
  );
}
