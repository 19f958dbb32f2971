import { useMemo } from "react";
import { Link } from "wouter";

import css from "./CellDialog.module.css";
import { withSwitch } from "./assumed.ts";
import { contextName } from "./contexts.ts";
import { DecisionView } from "./DecisionView.tsx";
import type { Cell } from "./view.ts";
import { useQuery } from "../../app/client.ts";
import { toggleAddress } from "../../app/toggleAddress.ts";
import { PlaygroundCellDocument } from "../../gql/playground.ts";
import type { ChangeInput, ContextInput } from "../../gql/playground.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";

interface Props {
  cell: Cell;
  context: ContextInput;
  /** The assumed changes. */
  changes: readonly ChangeInput[];
  /** Assume other changes. */
  onAssume: (changes: ChangeInput[]) => void;
  onClose: () => void;
}

/** A dialog that explains a decision, without and with the assumed changes. */
export function CellDialog({ cell, context, changes, onAssume, onClose }: Props) {
  const { toggle, environment } = cell;
  const withChanges = changes.length > 0;
  const variables = useMemo(
    () => ({ context, environment, toggle, changes: [...changes], withChanges }),
    [context, environment, toggle, changes, withChanges],
  );
  const { data, problem, loading } = useQuery(PlaygroundCellDocument, variables);
  const [result] = data?.playground.nodes ?? [];
  // While an answer loads, the answer before remains, which may lack the decision without the changes.
  const isCurrent = result?.toggle.name === toggle && (result.before !== undefined) === withChanges;
  const then = isCurrent ? result.evaluations[0] : undefined;
  const now = isCurrent ? result.before?.[0] : undefined;
  // Only the switch of an environment gives this reason.
  const isOff = then?.reason === "DISABLED";

  return (
    <Dialog
      title={`${toggle} in ${environment} for ${contextName(context)}`}
      onClose={onClose}
      actions={
        <>
          {then && then.reason !== "ARCHIVED" && (
            <Button onClick={() => onAssume(withSwitch(changes, toggle, environment, isOff))}>
              {isOff ? "Assume it is switched on" : "Assume it is switched off"}
            </Button>
          )}
          <Button kind="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
      {!then && !problem && (loading ? <Skeleton rows={3} /> : <p>There is no toggle with this name.</p>)}
      {then && !withChanges && <DecisionView decision={then} />}
      {then && withChanges && (
        <div className={css.pair}>
          <section aria-label="Now">
            <h3>Now</h3>
            {now ? <DecisionView decision={now} /> : <p>The toggle does not exist yet.</p>}
          </section>
          <section aria-label="With the changes">
            <h3>With the changes</h3>
            <DecisionView decision={then} />
          </section>
        </div>
      )}
      {then && (
        <p>
          <Link href={toggleAddress(toggle)}>Open the page of the toggle</Link>
        </p>
      )}
    </Dialog>
  );
}
