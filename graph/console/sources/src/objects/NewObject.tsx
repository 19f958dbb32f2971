import { useEffect, useMemo, useState } from "react";
import { Link, useLocation } from "wouter";

import type { ObjectDraft } from "./fields.ts";
import type { CreatableKind } from "./kind.ts";
import css from "./ObjectLayout.module.css";
import { useAddress } from "../app/address.ts";
import { useLeaving } from "../app/leaving.ts";
import { useSession } from "../app/session.tsx";
import { Review } from "../edits/Review.tsx";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { Confirmation } from "../parts/Confirmation.tsx";
import { Empty } from "../parts/Empty.tsx";
import { Page } from "../parts/Page.tsx";

interface Props<Draft extends ObjectDraft> {
  kind: CreatableKind<Draft>;
  /** Return the address of the page of a new object. */
  addressOf: (draft: Draft) => string | Promise<string>;
}

/** The page that creates an object. The parameter `name` of the address fills in the name. */
export function NewObject<Draft extends ObjectDraft>({ kind, addressOf }: Props<Draft>) {
  const { noun, title, path } = kind;
  const { viewer } = useSession();
  return (
    <Page title={`New ${noun}`} above={<Link href={path}>{title} /</Link>}>
      {viewer.canWrite ? (
        <NewForm kind={kind} addressOf={addressOf} />
      ) : (
        <Empty title="Your token only reads">
          <p>Sign in with an admin token to make changes.</p>
        </Empty>
      )}
    </Page>
  );
}

function NewForm<Draft extends ObjectDraft>({ kind, addressOf }: Props<Draft>) {
  const { noun, path, empty, meaning, create, isComplete, Form } = kind;
  const address = useAddress();
  const [, navigate] = useLocation();
  const [first] = useState(() => ({ ...empty, name: address.one("name") }));
  const [draft, setDraft] = useState(first);
  const [isReviewing, setReviewing] = useState(false);
  const [created, setCreated] = useState<string>();
  const changes = useMemo(() => [create({ ...draft, name: draft.name.trim() })], [create, draft]);
  const leaving = useLeaving(draft !== first && created === undefined);
  useEffect(() => {
    // By now the page has no guard.
    if (created !== undefined) navigate(created);
  }, [created, navigate]);

  return (
    <form
      className={css.main}
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete(draft)) setReviewing(true);
      }}
    >
      <p className={css.meaning}>{meaning}</p>
      <div className={css.columns}>
        <Card title="Details">
          <Form draft={draft} isNew onChange={(fields) => setDraft({ ...draft, ...fields })} />
        </Card>
      </div>
      <div className={css.buttons}>
        <Button type="submit" kind="primary" disabled={!isComplete(draft)}>
          Review
        </Button>
        <Button onClick={() => navigate(path)}>Cancel</Button>
      </div>
      {isReviewing && (
        <Review
          title={`Create ${draft.name.trim()}`}
          changes={changes}
          onClose={() => setReviewing(false)}
          onApplied={() => {
            setReviewing(false);
            void Promise.resolve(addressOf({ ...draft, name: draft.name.trim() })).then(setCreated, () =>
              setCreated(path),
            );
          }}
        />
      )}
      {leaving.isAsking && (
        <Confirmation
          question={`Leave without creating the ${noun}?`}
          answer="Leave"
          onNo={leaving.stay}
          onYes={leaving.leave}
        />
      )}
    </form>
  );
}
