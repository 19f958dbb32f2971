import { useEffect, useMemo, useRef } from "react";
import { Link } from "wouter";

import css from "./RecentChanges.module.css";
import { useQuery } from "../../app/client.ts";
import { toggleAddress } from "../../app/toggleAddress.ts";
import { RecentChangesDocument } from "../../gql/toggle.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { When } from "../../parts/When.tsx";

const COUNT = 5;

interface Props {
  toggle: string;
  /** The revision of the toggle. Another revision loads the changes again. */
  revision: number;
}

/** The last changes of a toggle, with links to its history. */
export function RecentChanges({ toggle, revision }: Props) {
  const { data, problem, again } = useQuery(
    RecentChangesDocument,
    useMemo(() => ({ name: toggle, first: COUNT }), [toggle]),
  );
  const seen = useRef(revision);
  useEffect(() => {
    if (seen.current === revision) return;
    seen.current = revision;
    again();
  }, [revision, again]);
  const history = `${toggleAddress(toggle)}/history`;
  const events = data?.toggle?.events.nodes;

  return (
    <Card title="Recent changes" aside={<Link href={history}>History</Link>}>
      {events && events.length > 0 ? (
        <ol className={css.list}>
          {events.map(({ id, revision: at, summary, createdAt, actor, changeSet }) => (
            <li key={id}>
              <Link href={`${history}?revision=${at}`} className={css.what}>
                {summary}
              </Link>
              <p className={css.who}>
                {actor.name}, <When time={createdAt} />
              </p>
              {changeSet?.comment && <q className={css.why}>{changeSet.comment}</q>}
            </li>
          ))}
        </ol>
      ) : events ? (
        <p className={css.who}>The audit log has no changes of this toggle.</p>
      ) : problem ? (
        <div role="alert">
          <p>{problem}</p>
          <Button small onClick={again}>
            Try again
          </Button>
        </div>
      ) : (
        <Skeleton rows={3} />
      )}
    </Card>
  );
}
