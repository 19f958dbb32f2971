import { Link } from "wouter";

import css from "./ToggleTrail.module.css";
import { toggleAddress } from "../app/toggleAddress.ts";

/** The way from the list of toggles to a page about one toggle. */
export function ToggleTrail({ name }: { name: string }) {
  return (
    <span className={css.trail}>
      <Link href="/toggles">Toggles</Link> /{" "}
      <Link href={toggleAddress(name)}>
        <bdi>{name}</bdi>
      </Link>{" "}
      /
    </span>
  );
}
