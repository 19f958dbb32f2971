import { useState } from "react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";

import { changedFields, titlesOf, wordsOf } from "./fields.ts";
import type { ObjectDraft } from "./fields.ts";
import type { Kind } from "./kind.ts";
import css from "./ObjectLayout.module.css";
import { ReadingList } from "./ReadingList.tsx";
import type { Answer } from "../app/client.ts";
import { useLeaving } from "../app/leaving.ts";
import { useSession } from "../app/session.tsx";
import { useEdits } from "../edits/editing.ts";
import { useMerging } from "../edits/merging.ts";
import { Review } from "../edits/Review.tsx";
import { SaveEdits } from "../edits/SaveEdits.tsx";
import type { Step } from "../edits/SaveEdits.tsx";
import { TheirChanges } from "../edits/TheirChanges.tsx";
import type { ChangeInput } from "../gql/edits.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { Confirmation } from "../parts/Confirmation.tsx";
import { CopyButton } from "../parts/CopyButton.tsx";
import { Page } from "../parts/Page.tsx";
import { RetryBanner } from "../parts/RetryBanner.tsx";

interface Props<Draft extends ObjectDraft> {
  kind: Kind<Draft>;
  /** The object on the server. Memoize the draft. */
  theirs: Draft;
  answer: Answer<unknown>;
  /** Words beside the name, such as badges. */
  note?: ReactNode;
  /** The reason why nobody can edit or delete the object. */
  fixed?: string | undefined;
  /** Deletes the object. Memoize the changes. */
  removal?: readonly ChangeInput[] | undefined;
  /** Further buttons. */
  actions?: ReactNode;
  /** The main content of the page; by default the fields. */
  main?: ReactNode;
  /** What stands beside the main content, such as the toggles that use the object. */
  children?: ReactNode;
}

/** The page of an object that exists, on which people edit the object. */
export function ObjectView<Draft extends ObjectDraft>(props: Props<Draft>) {
  const { kind, theirs, answer, note, fixed, removal, actions, main, children } = props;
  const { noun, title, path, fields, rules, Form } = kind;
  const { viewer } = useSession();
  const [, navigate] = useLocation();
  const edits = useEdits(theirs, rules);
  const merging = useMerging(edits, rules);
  const [step, setStep] = useState<Step>("edit");
  const [isDeleting, setDeleting] = useState(false);
  const { base, mine } = edits;
  const leaving = useLeaving(edits.changes.length > 0);
  const changed = edits.changes.length === 0 ? [] : titlesOf(changedFields(base, mine, fields), fields);
  const isEditable = viewer.canWrite && fixed === undefined;
  const details = (
    <Card title="Details" isEdited={changed.length > 0}>
      {fixed !== undefined && <p className={css.meaning}>{fixed}</p>}
      {isEditable ? (
        <Form draft={mine} isNew={false} onChange={(values) => edits.edit((draft) => ({ ...draft, ...values }))} />
      ) : (
        <ReadingList rows={wordsOf(theirs, fields)} />
      )}
    </Card>
  );

  return (
    <Page
      title={theirs.name}
      isName
      above={<Link href={path}>{title} /</Link>}
      beside={<CopyButton label="Copy the name" text={theirs.name} keys="c" />}
      note={note}
      isRefreshing={answer.loading}
      actions={
        <>
          {actions}
          {isEditable && removal && <Button onClick={() => setDeleting(true)}>Delete…</Button>}
        </>
      }
    >
      {answer.problem && (
        <RetryBanner onRetry={answer.again}>
          This {noun} may be out of date. {answer.problem}
        </RetryBanner>
      )}
      <TheirChanges merging={merging} onDecide={() => setStep("decide")} onDiscard={edits.discard} />
      <div className={css.columns}>
        <div className={css.main}>{main ?? details}</div>
        {(main || children) && (
          <div className={css.side}>
            {main && details}
            {children}
          </div>
        )}
      </div>
      <SaveEdits
        noun={noun}
        name={theirs.name}
        edits={edits}
        merging={merging}
        count={changed.length}
        places={changed}
        step={step}
        onStep={setStep}
        onSaved={answer.again}
      />
      {isDeleting && removal && (
        <Review
          title={`Delete ${theirs.name}`}
          changes={removal}
          onClose={() => setDeleting(false)}
          onApplied={() => navigate(path)}
        />
      )}
      {leaving.isAsking && (
        <Confirmation
          question="Leave without saving your edits?"
          answer="Leave"
          onNo={leaving.stay}
          onYes={leaving.leave}
        />
      )}
    </Page>
  );
}
