import { useCallback, useMemo, useState } from "react";

import css from "./AssumedChanges.module.css";
import { assumedWords } from "./assumed.ts";
import type { Assumed } from "./assumed.ts";
import { useAsk } from "../../app/client.ts";
import { useSession } from "../../app/session.tsx";
import { ChangeList } from "../../edits/ChangeList.tsx";
import { usePlan } from "../../edits/plan.ts";
import type { View } from "../../edits/plan.ts";
import { Review } from "../../edits/Review.tsx";
import { submit } from "../../edits/submission.ts";
import type { ChangeInput } from "../../gql/playground.ts";
import { Banner } from "../../parts/Banner.tsx";
import { Button } from "../../parts/Button.tsx";
import { Chip } from "../../parts/Chip.tsx";

interface Props {
  assumed: Assumed;
  onlyAffected: boolean;
  onOnlyAffected: (onlyAffected: boolean) => void;
  onChanges: (changes: ChangeInput[]) => void;
}

/** The changes that the decisions assume; nothing if there are none. */
export function AssumedChanges({ assumed, onlyAffected, onOnlyAffected, onChanges }: Props) {
  const { viewer } = useSession();
  const [isReviewing, setReviewing] = useState(false);
  const { problem } = assumed;
  // The text stands for the changes, because each change of the address makes a new list.
  const text = JSON.stringify(assumed.changes);
  const changes = useMemo(() => JSON.parse(text) as ChangeInput[], [text]);
  if (problem !== undefined) {
    return (
      <Banner>
        <span>{problem}</span>
        <Button small onClick={() => onChanges([])}>
          Assume nothing
        </Button>
      </Banner>
    );
  }
  if (changes.length === 0) return null;
  return (
    <section className={css.card} aria-label="Assumed changes">
      <div className={css.head}>
        <h2>{changes.length === 1 ? "Assuming 1 change" : `Assuming ${changes.length} changes`}</h2>
        <label className={css.only}>
          <input
            type="checkbox"
            checked={onlyAffected}
            onChange={(event) => onOnlyAffected(event.target.checked)}
          />
          Only what changes
        </label>
        <Button small onClick={() => onChanges([])}>
          Assume nothing
        </Button>
        {viewer.canWrite && (
          <Button small onClick={() => setReviewing(true)}>
            Review…
          </Button>
        )}
      </div>
      <div className={css.chips}>
        {changes.map((change, index) => {
          const words = assumedWords(change);
          return (
            <Chip
              key={index}
              kind={words.kind}
              text={words.text}
              onRemove={() => onChanges(changes.toSpliced(index, 1))}
            />
          );
        })}
      </div>
      {viewer.canWrite && <Plans changes={changes} />}
      {isReviewing && (
        <Review
          title="Apply the assumed changes"
          changes={changes}
          onClose={() => setReviewing(false)}
          onApplied={() => {
            setReviewing(false);
            onChanges([]);
          }}
        />
      )}
    </section>
  );
}

/** What the changes would do, according to a dry run. */
function Plans({ changes }: { changes: ChangeInput[] }) {
  const ask = useAsk();
  const dryRun = useCallback(
    (view: View) => submit(ask, { kind: "changes", input: { changes } }, { dryRun: true }, view),
    [ask, changes],
  );
  const { plan, view, setView, isPending } = usePlan(dryRun);
  return (
    <>
      {plan?.problems.map(({ message }) => (
        <p key={message} className={css.problem}>
          {message}
        </p>
      ))}
      {plan && <ChangeList plan={plan} view={view} isPending={isPending} onView={setView} />}
    </>
  );
}
