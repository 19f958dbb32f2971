import { useCallback } from "react";
import type { ReactNode } from "react";

import css from "./ObjectLayout.module.css";
import { useAddress } from "../app/address.ts";
import type { Answer } from "../app/client.ts";
import { FIRST_PAGE, turningIn } from "../app/paging.ts";
import { useSession } from "../app/session.tsx";
import { Button } from "../parts/Button.tsx";
import { DataTable } from "../parts/DataTable.tsx";
import type { Column } from "../parts/DataTable.tsx";
import { Empty } from "../parts/Empty.tsx";
import { LinkButton } from "../parts/LinkButton.tsx";
import { LoadFailure } from "../parts/LoadFailure.tsx";
import { Page } from "../parts/Page.tsx";
import { Pager } from "../parts/Pager.tsx";
import { RetryBanner } from "../parts/RetryBanner.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";
import { SearchBox } from "../search/SearchBox.tsx";

interface Props<Row> {
  title: string;
  /** What an object is called in sentences, such as `segment`. */
  noun: string;
  /** The address of the list. */
  path: string;
  /** What the objects are for. */
  meaning: string;
  placeholder: string;
  answer: Answer<unknown>;
  /** The page of the list; undefined until it is loaded. */
  list: List<Row> | undefined;
  columns: readonly Column<Row>[];
  /** Whether people cannot create such objects here. */
  isFixed?: boolean;
  /** Further controls that filter the list, and the parameters of the address that they use. */
  filters?: { controls: ReactNode; parameters: readonly string[] };
  /** What the list says if there is nothing to list. */
  empty?: ReactNode;
}

export interface List<Row> {
  totalCount: number;
  nodes: readonly Row[];
  pageInfo: Parameters<typeof turningIn>[1];
}

export const PAGE_SIZE = 50;

/** A list of objects with a search field. The address has the parameters `q`, `after` and `before`. */
export function ListPage<Row extends { id: string }>(props: Props<Row>) {
  const { title, noun, path, meaning, placeholder, answer, list, columns, isFixed = false, filters, empty } = props;
  const parameters = ["q", ...(filters?.parameters ?? [])];
  const address = useAddress();
  const { change } = address;
  const { viewer } = useSession();
  const { problem, loading, again } = answer;
  const isFiltered = parameters.some((name) => address.one(name).trim() !== "");
  const plural = title.toLowerCase();
  const onSearch = useCallback((q: string) => change({ q, ...FIRST_PAGE }), [change]);
  const onShowAll = () => change({ ...Object.fromEntries(parameters.map((name) => [name, null])), ...FIRST_PAGE });
  const create = viewer.canWrite && !isFixed && (
    <LinkButton href={`${path}/new`} kind="primary">
      New {noun}
    </LinkButton>
  );

  return (
    <Page
      title={title}
      note={list && `${list.totalCount} ${isFiltered ? "found" : "in all"}`}
      isRefreshing={loading && list !== undefined}
      actions={create}
    >
      <p className={css.meaning}>{meaning}</p>
      <SearchBox label={`Search ${plural}`} placeholder={placeholder} text={address.one("q")} onSearch={onSearch} />
      {filters && <div className={css.filters}>{filters.controls}</div>}
      {problem && list && (
        <RetryBanner onRetry={again}>
          These {plural} may be out of date. {problem}
        </RetryBanner>
      )}
      {list && list.nodes.length > 0 ? (
        <DataTable label={title} rows={list.nodes} keyOf={({ id }) => id} columns={columns} isLoading={loading} />
      ) : list && isFiltered ? (
        <Empty title={`No ${noun} matches`}>
          <Button onClick={onShowAll}>Show all {plural}</Button>
        </Empty>
      ) : list ? (
        <Empty title={`There are no ${plural} yet`}>
          {empty}
          {create}
        </Empty>
      ) : problem ? (
        <LoadFailure subject={`The ${plural}`} problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={12} />
      )}
      {list && <Pager {...turningIn(address, list.pageInfo)} />}
    </Page>
  );
}
