import { useCallback, useMemo } from "react";

import { ChangeSetList } from "./ChangeSetList.tsx";
import { filterIn, STATES, stateIn } from "./filter.ts";
import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { FIRST_PAGE, pageArguments, turningIn } from "../../app/paging.ts";
import { useChangeSetEvents } from "../../edits/changeSetEvents.ts";
import { ChangeSetsPageDocument } from "../../gql/changeSets.ts";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { Pager } from "../../parts/Pager.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Segmented } from "../../parts/Segmented.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { SearchBox } from "../../search/SearchBox.tsx";

const PAGE_SIZE = 25;

/** The change sets, newest first: those that were applied, and those that wait for their time. */
export default function ChangeSetsPage() {
  const address = useAddress();
  const { change } = address;
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
  const { data, problem, loading, again } = useQuery(ChangeSetsPageDocument, variables);
  useChangeSetEvents(again);
  const onSearch = useCallback((q: string) => change({ q, ...FIRST_PAGE }), [change]);
  const pageInfo = data?.changeSets.pageInfo;

  return (
    <Page
      title="Change sets"
      note={data && `${data.changeSets.totalCount} ${text === "{}" ? "in all" : "found"}`}
      isRefreshing={loading && data !== undefined}
    >
      <SearchBox
        label="Search change sets"
        placeholder="Search the reasons"
        text={address.one("q")}
        onSearch={onSearch}
      />
      <div>
        <Segmented
          label="State"
          choices={STATES}
          value={stateIn(address)}
          onChange={(state) => change({ state: state === "all" ? null : state, ...FIRST_PAGE })}
        />
      </div>
      {problem && data && (
        <RetryBanner onRetry={again}>These change sets may be out of date. {problem}</RetryBanner>
      )}
      {data ? (
        <ChangeSetList
          rows={data.changeSets.nodes}
          isLoading={loading}
          isFiltered={text !== "{}"}
          onShowAll={() => change({ q: null, state: null, ...FIRST_PAGE })}
        />
      ) : problem ? (
        <LoadFailure subject="The change sets" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={12} />
      )}
      {pageInfo && <Pager {...turningIn(address, pageInfo)} />}
    </Page>
  );
}
