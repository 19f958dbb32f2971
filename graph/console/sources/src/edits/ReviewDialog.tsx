import type { ReactNode } from "react";

import css from "./ReviewDialog.module.css";
import { ChangeList } from "./ChangeList.tsx";
import type { Plan } from "./plan.ts";
import { placeInChanges } from "./problemPlace.ts";
import type { ReviewState } from "./reviewing.ts";
import { Users } from "./Users.tsx";
import type { Operation } from "../app/operation.ts";
import { Button } from "../parts/Button.tsx";
import { CopyOperation } from "../parts/CopyOperation.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Field } from "../parts/Field.tsx";
import { Problems } from "../parts/Problems.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";
import { When } from "../parts/When.tsx";

interface Props {
  title: string;
  review: ReviewState;
  /** The number of changes to expect while the dry run runs. */
  expected?: number;
  /** The words of the button that makes the changes of a plan. */
  applyWords: (plan: Plan) => string;
  /** Whether the user has not yet made all choices. */
  isIncomplete?: boolean;
  /** The operation that makes the changes. */
  operation: () => Operation;
  /** Return a link with which somebody else can review the changes. */
  link?: (() => string) | undefined;
  /** The way on if others have changed the same objects since; by default another attempt. */
  onConflict?: { title: string; run: () => void } | undefined;
  onClose: () => void;
  /** Return the place that a path of an error leads to; by default the field of a change. */
  placeOf?: (path: readonly string[]) => string;
  /** What else to know about the changes, above them. */
  remarks?: ReactNode;
  /** Further choices, such as the time at which to apply the changes. */
  children?: ReactNode;
}

/** A dialog that shows the answer of a dry run, asks for a reason, and makes the changes. */
export function ReviewDialog(props: Props) {
  const { title, review, expected = 1, applyWords, isIncomplete = false, operation, link, onClose, children } = props;
  const { plan, isPending, comment, setComment, isApplying } = review;
  const count = plan?.changeCount ?? 0;
  const hasProblems = plan !== undefined && plan.problems.length > 0;
  const isConflict = plan?.problems.some(({ code }) => code === "REVISION_CONFLICT");
  const wayOut = (isConflict && props.onConflict) || { title: "Try again", run: review.again };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <>
          {children}
          <Field
            label="Why?"
            hint="Stored in the audit log."
            placeholder="Optional, such as a ticket"
            value={comment}
            onChange={setComment}
          />
        </>
      }
      actions={
        <>
          <CopyOperation operation={operation} link={link} />
          <Button onClick={onClose}>Cancel</Button>
          {hasProblems ? (
            <Button busy={isPending} onClick={wayOut.run}>
              {wayOut.title}
            </Button>
          ) : (
            <Button
              kind="primary"
              keys="Control+Enter"
              disabled={count === 0 || isIncomplete || isPending}
              busy={isApplying}
              onClick={review.apply}
            >
              {plan ? applyWords(plan) : "Apply"}
            </Button>
          )}
        </>
      }
    >
      {plan === undefined && <Skeleton rows={Math.min(expected, 4)} />}
      <Problems problems={plan?.problems ?? []} placeOf={({ path = [] }) => (props.placeOf ?? placeInChanges)(path)}>
        {({ lastEvent, usedBy = [], usedByCount = 0 }) => (
          <>
            <Users users={usedBy} count={usedByCount} />
            {lastEvent && (
              <span className={css.last}>
                {lastEvent.actor.name}, <When time={lastEvent.createdAt} />: {lastEvent.summary}
              </span>
            )}
          </>
        )}
      </Problems>
      {plan && count === 0 && !hasProblems && <p>These changes would change nothing.</p>}
      {plan && props.remarks}
      {plan && <ChangeList plan={plan} view={review.view} isPending={isPending} onView={review.setView} />}
    </Dialog>
  );
}
