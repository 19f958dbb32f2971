import { Link } from "wouter";

import css from "./ChangeSetList.module.css";
import { changeSetAddress } from "../../app/changeSetAddress.ts";
import { badgeOf } from "../../edits/changeSetState.ts";
import { changeSetTitle, sentenceOf } from "../../edits/changeSetTitle.ts";
import type { ChangeSetRowFragment } from "../../gql/changeSets.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { When } from "../../parts/When.tsx";

interface Props {
  rows: readonly ChangeSetRowFragment[];
  isLoading: boolean;
  isFiltered: boolean;
  onShowAll: () => void;
}

export function ChangeSetList({ rows, isLoading, isFiltered, onShowAll }: Props) {
  if (rows.length === 0 && isFiltered) {
    return (
      <Empty title="No change set matches">
        <Button onClick={onShowAll}>Show all change sets</Button>
      </Empty>
    );
  }
  if (rows.length === 0) {
    return (
      <Empty title="There are no change sets yet">
        <p>Each review that you apply in the console becomes a change set, which you can undo as a whole.</p>
      </Empty>
    );
  }
  return (
    <div className={css.container}>
      <ol className={css.list} aria-label="Change sets" aria-busy={isLoading}>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ol>
    </div>
  );
}

function Row({ row }: { row: ChangeSetRowFragment }) {
  const { id, comment, state, applyAt, createdAt, createdBy, changeCount, reverts } = row;
  const [first] = row.changes;
  const environment = first?.environment;
  const badge = badgeOf(row);
  return (
    <li className={css.row} data-row="">
      <div className={css.name}>
        <Link href={changeSetAddress(id)} className={css.link}>
          {changeSetTitle(row, first)}
        </Link>
        <p className={css.details}>
          {[
            ...(comment && changeCount > 1 ? [`${changeCount} changes.`] : []),
            ...(comment ? [sentenceOf(row, first)] : []),
            ...(reverts ? ["An undo."] : []),
          ].join(" ")}
        </p>
      </div>
      <span className={css.state}>
        <Badge tone={badge.tone}>{badge.words}</Badge>
      </span>
      <span className={css.environment}>
        {environment && <EnvironmentName name={environment.name} type={environment.type} />}
      </span>
      <span className={`${css.actor} cut`} title={createdBy.name}>
        {createdBy.name}
      </span>
      <span className={css.time}>
        <When time={state === "SCHEDULED" ? applyAt : createdAt} />
      </span>
    </li>
  );
}
