import { useCallback, useMemo } from "react";

import { BulkBar } from "./BulkBar.tsx";
import { Columns } from "./Columns.tsx";
import { EmptyList } from "./EmptyList.tsx";
import { findNames, orderIn, useToggles } from "./list.ts";
import type { ToggleList } from "./list.ts";
import { ToggleTable } from "./ToggleTable.tsx";
import { Views } from "./Views.tsx";
import { useAddress } from "../../app/address.ts";
import { useAsk } from "../../app/client.ts";
import { FIRST_PAGE, turningIn } from "../../app/paging.ts";
import { useSession } from "../../app/session.tsx";
import { bulkAction } from "../../edits/bulk.ts";
import { Review } from "../../edits/Review.tsx";
import type { TogglesPageQuery } from "../../gql/toggles.ts";
import { LinkButton } from "../../parts/LinkButton.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { Pager } from "../../parts/Pager.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { useToast } from "../../parts/Toast.tsx";
import { filterOf } from "../../search/filter.ts";
import { SearchBox } from "../../search/SearchBox.tsx";
import { parseTerms } from "../../search/terms.ts";

/** The list of toggles, with a switch for each environment. */
export default function TogglesPage() {
  const address = useAddress();
  const { viewer } = useSession();
  const list = useToggles(address);
  const { data, problem, loading, again, environments, shown } = list;
  const search = address.one("q");
  const { change } = address;
  const onSearch = useCallback((q: string) => change({ q, ...FIRST_PAGE }), [change]);

  return (
    <Page
      title="Toggles"
      note={data && `${data.toggles.totalCount} ${search.trim() === "" ? "in all" : "found"}`}
      isRefreshing={loading && data !== undefined}
      actions={
        <>
          <Columns environments={environments} shown={shown} onShow={(env) => change({ env })} />
          {viewer.canWrite && (
            <LinkButton href="/toggles/new" kind="primary" keys="n">
              New toggle
            </LinkButton>
          )}
        </>
      }
    >
      <SearchBox
        label="Search toggles"
        placeholder="Search, or type:release on:production -tag:team:web"
        text={search}
        onSearch={onSearch}
      />
      <Views search={search} onSearch={onSearch} />
      {problem && data && (
        <RetryBanner onRetry={again}>These toggles may be out of date. {problem}</RetryBanner>
      )}
      {data ? (
        <List list={list} data={data} search={search} onSearch={onSearch} />
      ) : problem ? (
        <LoadFailure subject="The toggles" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={14} />
      )}
    </Page>
  );
}

interface ListProps {
  list: ToggleList;
  data: TogglesPageQuery;
  search: string;
  onSearch: (search: string) => void;
}

function List({ list, data, search, onSearch }: ListProps) {
  const address = useAddress();
  const ask = useAsk();
  const show = useToast();
  const { viewer } = useSession();
  const { nodes: rows, totalCount, pageInfo } = data.toggles;
  const { maxChanges, maxPageSize } = data.serverInfo.limits;
  const picked = useMemo(() => new Set(address.all("pick")), [address]);
  const terms = useMemo(() => parseTerms(search), [search]);
  const pick = (names: Iterable<string>) => address.change({ pick: [...names] });

  async function selectAll() {
    try {
      const names = await findNames(ask, filterOf(terms), { most: maxChanges, pageSize: maxPageSize });
      pick(names);
    } catch (error) {
      show({ text: (error as Error).message, isFailure: true });
    }
  }

  const chosen = useMemo(() => bulkAction(address.one("do")), [address]);
  const changes = useMemo(() => (chosen ? [...picked].map(chosen.changeOf) : []), [chosen, picked]);
  if (rows.length === 0 && picked.size === 0) {
    return <EmptyList search={search} canWrite={viewer.canWrite} onSearch={onSearch} />;
  }
  return (
    <>
      <ToggleTable
        rows={rows}
        environments={list.shown}
        order={orderIn(address)}
        picked={picked}
        canWrite={viewer.canWrite}
        isLoading={list.loading}
        onOrder={({ field, isDescending }) =>
          address.change({ sort: field.toLowerCase(), dir: isDescending ? "desc" : null, ...FIRST_PAGE })
        }
        onPick={(names, isPicked) => {
          const next = new Set(picked);
          for (const name of names) {
            if (isPicked) next.add(name);
            else next.delete(name);
          }
          pick(next);
        }}
      />
      <Pager {...turningIn(address, pageInfo)} />
      {picked.size > 0 && viewer.canWrite && (
        <BulkBar
          count={picked.size}
          rows={rows.filter(({ name }) => picked.has(name))}
          environments={list.environments}
          maxChanges={maxChanges}
          selectAll={
            totalCount > picked.size && totalCount <= maxChanges
              ? { count: totalCount, run: () => void selectAll() }
              : undefined
          }
          isArchive={terms.some(({ kind, value, isNegated }) => kind === "is" && value === "archived" && !isNegated)}
          onAction={(action) => address.change({ do: action })}
          onClear={() => pick([])}
        />
      )}
      {chosen && changes.length > 0 && viewer.canWrite && (
        <Review
          title={chosen.title}
          changes={changes}
          onClose={() => address.change({ do: null })}
          onApplied={() => {
            address.change({ do: null, pick: null });
            list.again();
          }}
        />
      )}
    </>
  );
}
