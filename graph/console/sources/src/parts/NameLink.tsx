import type { ReactNode } from "react";
import { Link } from "wouter";

import css from "./NameLink.module.css";
import { Prose } from "./Prose.tsx";

interface Props {
  href: string;
  name: string;
  /** What distinguishes the object for people, in a second line. */
  description?: string | undefined;
  /** Badges after the name. */
  children?: ReactNode;
}

/** The name of an object in a list, which links to its page. */
export function NameLink({ href, name, description, children }: Props) {
  return (
    <>
      <span className={css.line}>
        <Link href={href} className={css.link}>
          <bdi>{name}</bdi>
        </Link>
        {children}
      </span>
      {description && (
        <p className={css.description} title={description}>
          <bdi>
            <Prose text={description} />
          </bdi>
        </p>
      )}
    </>
  );
}
