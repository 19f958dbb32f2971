import { useEffect, useMemo, useState } from "react";

import css from "./Review.module.css";
import { ChangeCard } from "./ChangeCard.tsx";
import type { PlannedChange } from "./ChangeCard.tsx";
import { curlOf } from "./curl.ts";
import { newKey } from "./ids.ts";
import { useUndo } from "./undo.ts";
import { textOf, useAsk } from "../app/client.ts";
import { ApplyChangesDocument } from "../gql/edits.ts";
import type { ChangeInput } from "../gql/edits.ts";
import { Button } from "../parts/Button.tsx";
import { CopyAs } from "../parts/CopyAs.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Field } from "../parts/Field.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";

interface Props {
  title: string;
  /** The changes to review. Another list starts another dry run, so memoize the list. */
  changes: readonly ChangeInput[];
  onClose: () => void;
  /** Called after the changes were applied. */
  onApplied: () => void;
}

interface Plan {
  changes: readonly PlannedChange[];
  problems: readonly string[];
}

/** A dialog that shows the effects of changes in a dry run on the server, and applies the changes. */
export function Review({ title, changes, onClose, onApplied }: Props) {
  const ask = useAsk();
  const announce = useUndo();
  const [answer, setAnswer] = useState<{ request: object; plan: Plan }>();
  const [comment, setComment] = useState("");
  const [isApplying, setApplying] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [key] = useState(newKey);
  const request = useMemo(() => ({ changes, attempt }), [changes, attempt]);
  const plan = answer?.request === request ? answer.plan : undefined;

  useEffect(() => {
    let isCurrent = true;
    ask(ApplyChangesDocument, { input: { changes: [...request.changes], dryRun: true } })
      .then(({ changeSetApply }) => ({
        changes: changeSetApply.changes,
        problems: changeSetApply.errors.map(({ message }) => message),
      }))
      .catch((error: Error) => ({ changes: [], problems: [error.message] }))
      .then((next) => {
        if (isCurrent) setAnswer({ request, plan: next });
      });
    return () => {
      isCurrent = false;
    };
  }, [ask, request]);

  function showProblems(problems: readonly string[]) {
    setAnswer({ request, plan: { changes: plan?.changes ?? [], problems } });
    setApplying(false);
  }

  async function apply() {
    setApplying(true);
    try {
      const input = { changes: [...changes], comment, idempotencyKey: key };
      const { changeSetApply } = await ask(ApplyChangesDocument, { input });
      if (changeSetApply.changeSet) {
        announce(changeSetApply.changeSet.id, changeSetApply.changes);
        onApplied();
        return;
      }
      showProblems(changeSetApply.errors.map(({ message }) => message));
    } catch (error) {
      showProblems([(error as Error).message]);
    }
  }

  const count = plan?.changes.length ?? 0;
  const hasProblems = plan !== undefined && plan.problems.length > 0;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <CopyAs
            title="curl"
            text={() => curlOf(textOf(ApplyChangesDocument), { input: { changes, comment } })}
          />
          <Button onClick={onClose}>Cancel</Button>
          {hasProblems ? (
            <Button onClick={() => setAttempt(attempt + 1)}>Try again</Button>
          ) : (
            <Button kind="primary" disabled={count === 0} busy={isApplying} onClick={() => void apply()}>
              {count > 1 ? `Apply ${count} changes` : "Apply"}
            </Button>
          )}
        </>
      }
    >
      {plan === undefined && <Skeleton rows={Math.min(changes.length, 4)} />}
      <div role="alert" className={css.problems}>
        {plan?.problems.map((problem) => (
          <p key={problem} className={css.problem}>
            {problem}
          </p>
        ))}
      </div>
      {plan && count === 0 && !hasProblems && <p>These changes would change nothing.</p>}
      {plan && (
        <ul className={css.changes} aria-label="Changes">
          {plan.changes.map((change) => (
            <ChangeCard key={change.index} change={change} />
          ))}
        </ul>
      )}
      <Field
        label="Why?"
        hint="Stored in the audit log."
        placeholder="Optional, such as a ticket"
        value={comment}
        onChange={setComment}
      />
    </Dialog>
  );
}
