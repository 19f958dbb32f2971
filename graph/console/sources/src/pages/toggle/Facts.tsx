import type { ReactNode } from "react";
import { Link } from "wouter";

import css from "./Facts.module.css";
import type { Toggle } from "./toggle.ts";
import type { Definitions } from "../../edits/definitions.ts";
import type { ToggleDraft } from "../../edits/draft.ts";
import type { LifecycleStage } from "../../gql/toggle.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Prose } from "../../parts/Prose.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { HowLong, When } from "../../parts/When.tsx";

const STAGES: Record<LifecycleStage, string> = {
  INITIAL: "initial",
  PRE_LIVE: "pre-live",
  LIVE: "live",
  COMPLETED: "completed",
  ARCHIVED: "archived",
};

interface Props {
  toggle: Toggle;
  /** The toggle with unsaved edits. */
  draft: ToggleDraft;
  definitions: Definitions;
}

/** What applies to a toggle in all environments. */
export function Facts({ toggle, draft, definitions }: Props) {
  const { archived, potentiallyStale, lifecycle, lastSeenAt, createdAt, createdBy } = toggle;
  const types = [toggle.type, ...definitions.toggleTypes];
  const projects = [toggle.project, ...definitions.projects];
  return (
    <div className={css.facts}>
      {draft.description && (
        <p className={css.description}>
          <bdi>
            <Prose text={draft.description} />
          </bdi>
        </p>
      )}
      <dl className={css.list}>
        <Fact name="Type">
          <Link href={`/toggles?q=${encodeURIComponent(`type:${draft.type}`)}`}>
            {types.find((type) => type.name === draft.type)?.title ?? draft.type}
          </Link>
        </Fact>
        <Fact name="Project">
          <Link href={`/toggles?q=${encodeURIComponent(`project:${draft.project}`)}`}>
            {projects.find((project) => project.name === draft.project)?.title ?? draft.project}
          </Link>
        </Fact>
        <Fact name="Stage">
          {STAGES[lifecycle.stage]}{" "}
          <span className={css.more}>
            for <HowLong since={lifecycle.enteredAt} />
          </span>
        </Fact>
        <Fact name="Last seen">
          <When time={lastSeenAt} />
        </Fact>
        <Fact name="Created">
          <When time={createdAt} />
          {createdBy && (
            <span className={css.more}>
              {" by "}
              <bdi>{createdBy.name}</bdi>
            </span>
          )}
        </Fact>
        {draft.tags.length > 0 && (
          <Fact name="Tags">
            <span className={css.tags}>
              {draft.tags.map((tag) => (
                <Tag key={`${tag.type}:${tag.value}`} type={tag.type} value={tag.value} />
              ))}
            </span>
          </Fact>
        )}
        {(archived || draft.stale || potentiallyStale || draft.impressionData) && (
          <Fact name="State">
            <span className={css.tags}>
              {archived && <Badge tone="plain">archived</Badge>}
              {draft.stale && <Badge tone="warn">stale</Badge>}
              {potentiallyStale && !draft.stale && <Badge tone="warn">past its lifetime</Badge>}
              {draft.impressionData && <Badge tone="plain">sends impressions</Badge>}
            </span>
          </Fact>
        )}
      </dl>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={css.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
