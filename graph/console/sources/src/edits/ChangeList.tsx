import { useEffect, useId, useState } from "react";

import css from "./ChangeList.module.css";
import { ChangeCard } from "./ChangeCard.tsx";
import { countWords } from "./countWords.ts";
import { SHOWN_AT_ONCE } from "./plan.ts";
import type { Plan, View } from "./plan.ts";
import { CheckField } from "../parts/CheckField.tsx";
import { Field } from "../parts/Field.tsx";
import { Pager } from "../parts/Pager.tsx";
import { useSettled } from "../parts/settled.ts";

interface Props {
  plan: Plan;
  view: View;
  /** Whether the changes are out of date. */
  isPending?: boolean;
  onView: (view: View) => void;
}

const SETTLED_MS = 300;

/** Planned changes, at most a hundred at once. Longer lists have pages and can be searched. */
export function ChangeList({ plan, view, isPending = false, onView }: Props) {
  const id = useId();
  const { changes, changeCount, foundCount, riskCount } = plan;
  const { offset, withWarnings } = view;
  const turn = (places: number) => () => onView({ ...view, offset: offset + places });

  return (
    <>
      {changeCount > SHOWN_AT_ONCE && (
        <search className={css.search} aria-label="Search the changes">
          <SearchField view={view} onView={onView} />
          {riskCount > 0 && (
            <CheckField
              label={riskCount === 1 ? "Only the change with a warning" : `Only the ${riskCount} changes with warnings`}
              checked={withWarnings}
              onChange={(isChosen) => onView({ ...view, offset: 0, withWarnings: isChosen })}
            />
          )}
          <p id={id} className={css.count} role="status">
            {countWords(offset, changes.length, foundCount, changeCount)}
          </p>
        </search>
      )}
      <ul
        className={css.changes}
        aria-label="Changes"
        aria-busy={isPending}
        aria-describedby={changeCount > SHOWN_AT_ONCE ? id : undefined}
      >
        {changes.map((change, position) => (
          <ChangeCard key={offset + position} change={change} />
        ))}
      </ul>
      <Pager
        onPrevious={offset > 0 ? turn(-SHOWN_AT_ONCE) : undefined}
        onNext={offset + changes.length < foundCount ? turn(SHOWN_AT_ONCE) : undefined}
      />
    </>
  );
}

/** The search, which waits for a pause in typing because each search is a dry run. */
function SearchField({ view, onView }: Pick<Props, "view" | "onView">) {
  const [text, setText] = useState(view.search);
  const settled = useSettled(text, SETTLED_MS);
  useEffect(() => {
    if (settled !== view.search) onView({ ...view, offset: 0, search: settled });
  }, [settled, view, onView]);
  return (
    <Field
      label="Search the changes"
      placeholder="A name or another word"
      maxLength={500}
      value={text}
      onChange={setText}
    />
  );
}
