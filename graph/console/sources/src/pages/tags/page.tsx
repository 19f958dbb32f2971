import { useCallback, useMemo } from "react";

import css from "./page.module.css";
import { TagTable } from "./TagTable.tsx";
import { TypeTables } from "./TypeTables.tsx";
import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { FIRST_PAGE, turningIn } from "../../app/paging.ts";
import { useSession } from "../../app/session.tsx";
import { usePageArguments } from "../../app/usePageArguments.ts";
import { useEvents } from "../../edits/events.ts";
import { TagsPageDocument } from "../../gql/tags.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { FilterSelect } from "../../parts/FilterSelect.tsx";
import { LinkButton } from "../../parts/LinkButton.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { Pager } from "../../parts/Pager.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { SearchBox } from "../../search/SearchBox.tsx";

const PAGE_SIZE = 50;

/** The tags in use, the types of tags, and the types of toggles. */
export default function TagsPage() {
  const address = useAddress();
  const { change } = address;
  const { viewer } = useSession();
  const [q, type] = [address.one("q").trim(), address.one("type")];
  const page = usePageArguments(PAGE_SIZE);
  const variables = useMemo(
    () => ({ types: type === "" ? null : [type], search: q === "" ? null : q, ...page }),
    [q, type, page],
  );
  const { data, problem, loading, again } = useQuery(TagsPageDocument, variables);
  useEvents(FOLLOWED_EVENTS.tagType, again);
  const onSearch = useCallback((next: string) => change({ q: next, ...FIRST_PAGE }), [change]);
  const types = data?.tagTypes.map(({ name }) => ({ value: name, text: name })) ?? [];

  return (
    <Page
      title="Tags and types"
      isRefreshing={loading && data !== undefined}
      actions={
        viewer.canWrite && (
          <LinkButton href="/tags/types/new" kind="primary">
            New tag type
          </LinkButton>
        )
      }
    >
      {problem && data && <RetryBanner onRetry={again}>These tags may be out of date. {problem}</RetryBanner>}
      <section className={css.section} aria-labelledby="tags">
        <h2 id="tags">
          Tags {data && <span className={css.count}>{data.tags.totalCount}</span>}
        </h2>
        <p className={css.meaning}>Tags are added to toggles on their pages. A tag without toggles disappears.</p>
        <SearchBox label="Search tags" placeholder="Search the values of tags" text={address.one("q")} onSearch={onSearch} />
        <FilterSelect
          label="Type of tags"
          value={type}
          options={[{ value: "", text: "all types" }, ...types]}
          onChange={(next) => change({ type: next === "" ? null : next, ...FIRST_PAGE })}
        />
        {data ? (
          <TagTable
            rows={data.tags.nodes}
            isLoading={loading}
            isFiltered={q !== "" || type !== ""}
            onShowAll={() => change({ q: null, type: null, ...FIRST_PAGE })}
          />
        ) : problem ? (
          <LoadFailure subject="The tags" problem={problem} onRetry={again} />
        ) : (
          <Skeleton rows={8} />
        )}
        {data && <Pager {...turningIn(address, data.tags.pageInfo)} />}
      </section>
      {data && <TypeTables tagTypes={data.tagTypes} toggleTypes={data.toggleTypes} isLoading={loading} />}
    </Page>
  );
}
