import { useMemo } from "react";
import { CalendarClock } from "lucide-react";
import { Link } from "wouter";

import css from "./ScheduledChanges.module.css";
import { changeSetAddress } from "../../app/changeSetAddress.ts";
import { useQuery } from "../../app/client.ts";
import { useChangeSetEvents } from "../../edits/changeSetEvents.ts";
import { ScheduledChangesDocument } from "../../gql/toggle.ts";
import { displayTime } from "../../parts/localTime.ts";

/** The scheduled change sets that affect a toggle in any environment. */
export function ScheduledChanges({ toggle }: { toggle: string }) {
  const variables = useMemo(() => ({ toggle }), [toggle]);
  const { data, again } = useQuery(ScheduledChangesDocument, variables);
  useChangeSetEvents(again);
  const nodes = data?.changeSets.nodes ?? [];
  if (nodes.length === 0) return null;
  const more = (data?.changeSets.totalCount ?? 0) - nodes.length;
  return (
    <ul className={css.list} aria-label="Scheduled changes">
      {nodes.map(({ id, comment, applyAt, createdBy, changes }) => (
        <li key={id} className={css.item}>
          <CalendarClock size={15} aria-hidden="true" />
          <span>
            Scheduled for {displayTime(applyAt ?? "")} by <bdi>{createdBy.name}</bdi>:{" "}
            <Link href={changeSetAddress(id)}>{comment || changes[0]?.plan}</Link>
          </span>
        </li>
      ))}
      {more > 0 && (
        <li className={css.item}>
          <Link href="/change-sets?state=scheduled">{more} more</Link>
        </li>
      )}
    </ul>
  );
}
