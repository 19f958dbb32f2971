import { useCallback, useMemo } from "react";

import { ChangeSetList } from "./ChangeSetList.tsx";
import { filterIn, FIRST_PAGE, STATES, stateIn } from "./filter.ts";
import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { useChangeSetEvents } from "../../edits/changeSetEvents.ts";
import { ChangeSetsPageDocument } from "../../gql/changeSets.ts";
import { Banner } from "../../parts/Banner.tsx";
import { Button } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Page } from "../../parts/Page.tsx";
import { Pager } from "../../parts/Pager.tsx";
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
      ...(before ? { last: PAGE_SIZE, before } : { first: PAGE_SIZE, after: after || null }),
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
        <Banner>
          <span>These change sets may be out of date. {problem}</span>
          <Button small onClick={again}>
            Try again
          </Button>
        </Banner>
      )}
      {data ? (
        <ChangeSetList
          rows={data.changeSets.nodes}
          isLoading={loading}
          isFiltered={text !== "{}"}
          onShowAll={() => change({ q: null, state: null, ...FIRST_PAGE })}
        />
      ) : problem ? (
        <Empty title="The change sets could not be loaded" alert>
          <p>{problem}</p>
          <Button onClick={again}>Try again</Button>
        </Empty>
      ) : (
        <Skeleton rows={12} />
      )}
      {pageInfo && (
        <Pager
          onPrevious={
            pageInfo.hasPreviousPage ? () => change({ after: null, before: pageInfo.startCursor }, "push") : undefined
          }
          onNext={pageInfo.hasNextPage ? () => change({ after: pageInfo.endCursor, before: null }, "push") : undefined}
        />
      )}
    </Page>
  );
}
