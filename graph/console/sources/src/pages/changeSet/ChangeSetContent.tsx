import type { ReactNode } from "react";
import { Link } from "wouter";

import css from "./ChangeSetContent.module.css";
import { ChangeSetActions } from "./ChangeSetActions.tsx";
import { RolloutSteps } from "./RolloutSteps.tsx";
import { changeSetAddress } from "../../app/changeSetAddress.ts";
import { ChangeCard } from "../../edits/ChangeCard.tsx";
import { badgeOf } from "../../edits/changeSetState.ts";
import { changeSetTitle } from "../../edits/changeSetTitle.ts";
import type { ChangeSetPageQuery } from "../../gql/changeSet.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { displayTime } from "../../parts/localTime.ts";
import { Page } from "../../parts/Page.tsx";
import { When } from "../../parts/When.tsx";

export type ChangeSet = Extract<NonNullable<ChangeSetPageQuery["node"]>, { changeCount: number }>;

interface Props {
  changeSet: ChangeSet;
  isRefreshing: boolean;
  /** A line above data that may be out of date. */
  banner: ReactNode;
  isFirstPage: boolean;
  onChanged: () => void;
  /** Show the changes after a cursor; null shows the first changes. */
  onShow: (cursor: string | null) => void;
}

/** The facts about a change set, the steps of its rollout, and a page of its changes. */
export function ChangeSetContent({ changeSet, isRefreshing, banner, isFirstPage, onChanged, onShow }: Props) {
  const { changes, changeCount, refusal, rollout, appliedAt } = changeSet;
  const badge = badgeOf(changeSet);
  const last = changes.at(-1);
  const rest = last ? changeCount - last.index - 1 : 0;
  return (
    <Page
      title={changeSetTitle(changeSet, changeSet.firstChange[0])}
      above={<Link href="/change-sets">Change sets /</Link>}
      note={<Badge tone={badge.tone}>{badge.words}</Badge>}
      isRefreshing={isRefreshing}
      actions={<ChangeSetActions changeSet={changeSet} onChanged={onChanged} />}
    >
      {banner}
      <Facts changeSet={changeSet} />
      {refusal && (
        <p className={css.refusal}>
          <strong>Not applied.</strong> {refusal.message}
        </p>
      )}
      {rollout && <RolloutSteps rollout={rollout} />}
      <h2>
        {changeCount === 1 ? "1 change" : `${changeCount} changes`}
        {appliedAt === null && " as computed when this was scheduled"}
      </h2>
      <ul className={css.changes} aria-label="Changes">
        {changes.map((change) => (
          <ChangeCard key={change.index} change={change} isMade={appliedAt !== null} />
        ))}
      </ul>
      {(rest > 0 || !isFirstPage) && (
        <nav className={css.pager} aria-label="Pages of the changes">
          {!isFirstPage && <Button onClick={() => onShow(null)}>First changes</Button>}
          {rest > 0 && last && <Button onClick={() => onShow(last.cursor)}>{`${rest} more`}</Button>}
        </nav>
      )}
    </Page>
  );
}

function Facts({ changeSet }: { changeSet: ChangeSet }) {
  const { state, createdAt, createdBy, applyAt, appliedAt, reverts, revertedBy, rollout } = changeSet;
  return (
    <dl className={css.facts}>
      <Fact name="Created">
        <When time={createdAt} /> by {createdBy.name}
      </Fact>
      {state === "SCHEDULED" && applyAt && (
        <Fact name={rollout ? "Next step" : "Applies"}>
          {displayTime(applyAt)}, <When time={applyAt} />
        </Fact>
      )}
      {appliedAt && (
        <Fact name={rollout ? "Latest step" : "Applied"}>
          {displayTime(appliedAt)}, <When time={appliedAt} />
        </Fact>
      )}
      {reverts && (
        <Fact name="Undoes">
          <Link href={changeSetAddress(reverts.id)}>{reverts.comment || "another change set"}</Link>
        </Fact>
      )}
      {revertedBy && (
        <Fact name="Undone">
          <Link href={changeSetAddress(revertedBy.id)}>
            <When time={revertedBy.createdAt} /> by {revertedBy.createdBy.name}
          </Link>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
