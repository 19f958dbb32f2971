import { useMemo } from "react";

import css from "./VersionView.module.css";
import { groupsOf } from "./fields.ts";
import { useRecorded } from "./versions.ts";
import type { VersionEdge } from "./versions.ts";
import { useAddress } from "../../app/address.ts";
import { useSession } from "../../app/session.tsx";
import { useStrategyTitles } from "../../edits/definitions.ts";
import { Review } from "../../edits/Review.tsx";
import { UndoReview } from "../../edits/UndoReview.tsx";
import type { HistoryPageQuery, RecordedPartsFragment } from "../../gql/history.ts";
import { Button } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { differs, SideBySide } from "../../parts/SideBySide.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";

interface Props {
  name: string;
  data: HistoryPageQuery;
  chosen: VersionEdge;
  /** The cursor that precedes the page of versions. */
  pageAfter: string | null;
  again: () => void;
}

/** A version beside the state of today or another version, with the actions on the version. */
export function VersionView({ name, data, chosen, pageAfter, again }: Props) {
  const address = useAddress();
  const { viewer } = useSession();
  const { edges } = data.toggleVersions;
  const other = edges.find(({ node }) => String(node.revision) === address.one("with"));
  const recorded = useRecorded(name, edges, chosen, pageAfter);
  const compared = useRecorded(name, edges, other ?? chosen, pageAfter);
  const [today] = data.today.nodes;
  const right = other ? compared.data?.toggle : today?.toggle;
  const { revision, event } = chosen.node;
  const { changeSet } = event;
  const isToday = revision === today?.revision;
  const expectedRevision = today?.revision;
  const changes = useMemo(
    () => [{ toggleRevertTo: { name, revision, expectedRevision } }],
    [name, revision, expectedRevision],
  );
  // A new version must not replace the version in the dialog.
  const start = (action: string) => address.change({ do: action, revision: String(revision) });
  const close = () => address.change({ do: null });
  const done = () => {
    close();
    again();
  };
  const canReturn = viewer.canWrite && data.toggle && !isToday && chosen.node.toggle !== null;
  const canUndo = viewer.canWrite && changeSet && !changeSet.revertedBy;

  return (
    <section className={css.view} aria-label={`Revision ${revision}`}>
      <div className={css.bar}>
        <h2>
          Revision {revision}
          {isToday && " is the state of today"}
        </h2>
        <label className={css.with}>
          Compare with
          <select
            value={other ? String(other.node.revision) : ""}
            onChange={(change) => address.change({ with: change.target.value })}
          >
            <option value="">today</option>
            {edges.map(({ cursor, node }) => (
              <option key={cursor} value={node.revision}>
                revision {node.revision}
              </option>
            ))}
          </select>
        </label>
        <div className={css.actions}>
          {canUndo && (
            <Button onClick={() => start("undo")}>
              {changeSet.changeCount === 1 ? "Undo this change" : `Undo its ${changeSet.changeCount} changes`}
            </Button>
          )}
          {canReturn && (
            <Button kind="primary" onClick={() => start("return")}>
              Go back to this
            </Button>
          )}
        </div>
      </div>
      {changeSet?.revertedBy && <p className={css.note}>The changes of this version are undone.</p>}
      {!data.toggle && <p className={css.note}>The toggle is deleted. Its versions are stored in the audit log.</p>}
      {recorded.problem !== undefined && !recorded.data ? (
        <LoadFailure subject="The version" problem={recorded.problem} onRetry={recorded.again} />
      ) : recorded.data && right !== undefined ? (
        <Fields
          left={recorded.data.toggle}
          right={right}
          leftHead={`Revision ${revision}`}
          rightHead={other ? `Revision ${other.node.revision}` : "Today"}
        />
      ) : (
        <Skeleton rows={8} />
      )}
      {address.one("do") === "return" && canReturn && (
        <Review title={`Go back to revision ${revision}`} changes={changes} onClose={close} onApplied={done} />
      )}
      {address.one("do") === "undo" && canUndo && (
        <UndoReview id={changeSet.id} onClose={close} onUndone={done} />
      )}
    </section>
  );
}

interface FieldsProps {
  left: RecordedPartsFragment | null;
  right: RecordedPartsFragment | null;
  leftHead: string;
  rightHead: string;
}

function Fields({ left, right, leftHead, rightHead }: FieldsProps) {
  const address = useAddress();
  const titles = useStrategyTitles();
  const groups = useMemo(() => groupsOf(left, right, titles), [left, right, titles]);
  const isAll = address.one("all") === "yes";
  const isSame = !groups.some(({ rows }) => rows.some(differs));
  return (
    <>
      <label className={css.all}>
        <input
          type="checkbox"
          checked={isAll}
          onChange={(event) => address.change({ all: event.target.checked ? "yes" : null })}
        />
        Show equal fields
      </label>
      {isSame && !isAll ? (
        <Empty title="Nothing differs">
          <p>
            {leftHead} and {rightHead.toLowerCase()} have the same fields.
          </p>
        </Empty>
      ) : (
        <SideBySide label={`${leftHead} and ${rightHead}`} left={leftHead} right={rightHead} groups={groups} isAll={isAll} />
      )}
    </>
  );
}
