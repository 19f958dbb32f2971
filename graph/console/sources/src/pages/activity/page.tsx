import { useCallback, useMemo } from "react";

import { EventLog } from "./EventLog.tsx";
import { filterIn } from "./filter.ts";
import { FilterBar } from "./FilterBar.tsx";
import { useAddress } from "../../app/address.ts";
import { textOf, useQuery } from "../../app/client.ts";
import { FIRST_PAGE, pageArguments } from "../../app/paging.ts";
import { ActivityPageDocument } from "../../gql/activity.ts";
import { CopyOperation } from "../../parts/CopyOperation.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { SearchBox } from "../../search/SearchBox.tsx";

const PAGE_SIZE = 50;

/** The audit log with the fields that each event changed. */
export default function ActivityPage() {
  const address = useAddress();
  const { change } = address;
  // The text stands for the filter, because the address makes a new object for each other change.
  const text = JSON.stringify(filterIn(address));
  const after = address.one("after");
  const before = address.one("before");
  const variables = useMemo(
    () => ({
      filter: JSON.parse(text) as ReturnType<typeof filterIn>,
      ...pageArguments(PAGE_SIZE, after, before),
    }),
    [text, after, before],
  );
  const answer = useQuery(ActivityPageDocument, variables);
  const { data, problem, loading, again } = answer;
  const onSearch = useCallback((q: string) => change({ q, ...FIRST_PAGE }), [change]);

  return (
    <Page
      title="Activity"
      isRefreshing={loading && data !== undefined}
      actions={<CopyOperation operation={() => ({ query: textOf(ActivityPageDocument), variables })} />}
    >
      <SearchBox
        label="Search events"
        placeholder="Search summaries, names and people"
        text={address.one("q")}
        onSearch={onSearch}
      />
      <FilterBar />
      {problem && data && (
        <RetryBanner onRetry={again}>These events may be out of date. {problem}</RetryBanner>
      )}
      {data ? (
        <EventLog key={text} filter={variables.filter} answer={answer} data={data} />
      ) : problem ? (
        <LoadFailure subject="The events" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={14} />
      )}
    </Page>
  );
}
