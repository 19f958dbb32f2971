import { useId, useState } from "react";

import css from "./ChangeList.module.css";
import { ChangeCard } from "./ChangeCard.tsx";
import type { PlannedChange } from "./ChangeCard.tsx";
import { findChanges } from "./findChanges.ts";
import { Button } from "../parts/Button.tsx";
import { CheckField } from "../parts/CheckField.tsx";
import { Field } from "../parts/Field.tsx";

interface Props {
  changes: readonly PlannedChange[];
  /** Whether the changes are out of date. */
  isPending?: boolean;
}

// Browsers need seconds for thousands of cards.
const SHOWN_AT_ONCE = 100;

/** Planned changes: at first a hundred, and more on demand. Longer lists can be searched. */
export function ChangeList({ changes, isPending = false }: Props) {
  const id = useId();
  const [search, setSearch] = useState("");
  const [hasRisk, setHasRisk] = useState(false);
  const [limit, setLimit] = useState(SHOWN_AT_ONCE);
  const isLong = changes.length > SHOWN_AT_ONCE;
  const found = isLong ? findChanges(changes, search, hasRisk) : changes;
  const shown = found.slice(0, limit);
  const risks = isLong ? findChanges(changes, "", true).length : 0;

  return (
    <>
      {isLong && (
        <search className={css.search} aria-label="Search the changes">
          <Field
            label="Search the changes"
            placeholder="A name or another word"
            value={search}
            onChange={(text) => {
              setSearch(text);
              setLimit(SHOWN_AT_ONCE);
            }}
          />
          {risks > 0 && (
            <CheckField
              label={risks === 1 ? "Only the change with a warning" : `Only the ${risks} changes with warnings`}
              checked={hasRisk}
              onChange={(isChosen) => {
                setHasRisk(isChosen);
                setLimit(SHOWN_AT_ONCE);
              }}
            />
          )}
          <p id={id} className={css.count} role="status">
            {countWords(shown.length, found.length, changes.length)}
          </p>
        </search>
      )}
      <ul className={css.changes} aria-label="Changes" aria-busy={isPending} aria-describedby={isLong ? id : undefined}>
        {shown.map((change) => (
          <ChangeCard key={change.index} change={change} />
        ))}
      </ul>
      {found.length > shown.length && (
        <div>
          <Button small onClick={() => setLimit(limit + SHOWN_AT_ONCE)}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function countWords(shown: number, found: number, total: number): string {
  if (found === 0) return `None of the ${total} changes matches.`;
  const which = found === total ? `${total} changes` : `${found} changes that match, of ${total}`;
  return shown === found ? `${which}.` : `The first ${shown} of ${which}.`;
}
