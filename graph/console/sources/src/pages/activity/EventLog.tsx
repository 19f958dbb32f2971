import css from "./EventLog.module.css";
import { EventItem } from "./EventItem.tsx";
import { isNarrowed } from "./filter.ts";
import { LinkedEvent } from "./LinkedEvent.tsx";
import { NewEvents } from "./NewEvents.tsx";
import { useNews } from "./news.ts";
import { useAddress } from "../../app/address.ts";
import type { Answer } from "../../app/client.ts";
import { FIRST_PAGE, turningIn } from "../../app/paging.ts";
import type { ActivityPageQuery, EventFilter } from "../../gql/activity.ts";
import { Button } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Pager } from "../../parts/Pager.tsx";

interface Props {
  filter: EventFilter;
  answer: Answer<ActivityPageQuery>;
  data: ActivityPageQuery;
}

/** A page of the log. One event, which the address names, shows its details. */
export function EventLog({ filter, answer, data }: Props) {
  const address = useAddress();
  const { nodes, pageInfo } = data.events;
  const isFirstPage = address.one("after") === "" && address.one("before") === "";
  const news = useNews({
    rows: nodes,
    startCursor: pageInfo.startCursor,
    isFirstPage,
    isSettled: !answer.loading && answer.problem === undefined,
  });
  const opened = address.one("event");
  const open = (event: string | null) => address.change({ event });
  const isListed = news.rows.some(({ id }) => id === opened);

  return (
    <>
      {news.cursor !== undefined && (
        <NewEvents
          filter={filter}
          after={news.cursor}
          count={news.count}
          onNumber={news.onNumber}
          onShow={() => {
            news.accept();
            if (isFirstPage) answer.again();
            else address.change(FIRST_PAGE);
          }}
        />
      )}
      {opened !== "" && !isListed && !answer.loading && <LinkedEvent id={opened} onClose={() => open(null)} />}
      {news.rows.length === 0 ? (
        <NoEvents hasFilter={isNarrowed(address)} />
      ) : (
        <div className={css.container}>
          <ol className={css.log} aria-label="Events" aria-busy={answer.loading}>
            {news.rows.map((event) => (
              <EventItem
                key={event.id}
                event={event}
                isOpen={event.id === opened}
                onToggle={() => open(event.id === opened ? null : event.id)}
              />
            ))}
          </ol>
        </div>
      )}
      <Pager {...turningIn(address, pageInfo, { event: null })} />
    </>
  );
}

function NoEvents({ hasFilter }: { hasFilter: boolean }) {
  const address = useAddress();
  if (!hasFilter) return <Empty title="Nothing has happened yet" />;
  const nothing = { q: null, type: null, env: null, actor: null, from: null, to: null, ...FIRST_PAGE };
  return (
    <Empty title="No event matches">
      <p>The log has no event that fits the search and the filter.</p>
      <Button onClick={() => address.change(nothing)}>Show all events</Button>
    </Empty>
  );
}
