import { Link } from "wouter";

import css from "./NameCell.module.css";
import { toggleAddress } from "../../app/toggleAddress.ts";
import type { ToggleRowFragment } from "../../gql/toggles.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Prose } from "../../parts/Prose.tsx";
import { Tag } from "../../parts/Tag.tsx";

/** The name of a toggle with its state, its tags and its description. */
export function NameCell({ toggle }: { toggle: ToggleRowFragment }) {
  return (
    <div className={css.cell}>
      <div className={css.title}>
        <Link href={toggleAddress(toggle.name)} className={`${css.name} cut`} title={toggle.name}>
          <bdi>{toggle.name}</bdi>
        </Link>
        {toggle.archived && <Badge tone="plain">archived</Badge>}
        {toggle.stale && <Badge tone="warn">stale</Badge>}
        {toggle.potentiallyStale && !toggle.stale && <Badge tone="warn">past its lifetime</Badge>}
        {toggle.lifecycle.stage === "COMPLETED" && <Badge tone="good">completed</Badge>}
        <span className={css.tags}>
          {toggle.tags.map(({ type, value }) => (
            <Tag key={`${type.id}:${value}`} type={type.name} value={value} />
          ))}
        </span>
      </div>
      {toggle.description && (
        <div className={`${css.description} cut`} title={toggle.description}>
          <Prose text={toggle.description} />
        </div>
      )}
    </div>
  );
}
