import { useCallback, useEffect, useMemo, useRef } from "react";

import css from "./page.module.css";
import { AssumedChanges } from "./AssumedChanges.tsx";
import { CellDialog } from "./CellDialog.tsx";
import { ContextsField } from "./ContextsField.tsx";
import { EnvironmentChoice } from "./EnvironmentChoice.tsx";
import { Grid } from "./Grid.tsx";
import { cellIn, cellText, viewIn } from "./view.ts";
import type { View } from "./view.ts";
import { useAddress } from "../../app/address.ts";
import { textOf, useLive, useQuery } from "../../app/client.ts";
import { useKeptParameters } from "../../app/keptParameters.ts";
import { FIRST_PAGE, pageArguments, turningIn } from "../../app/paging.ts";
import { productionOf } from "../../app/production.ts";
import { PlaygroundChangesDocument, PlaygroundEnvironmentsDocument, PlaygroundPageDocument } from "../../gql/playground.ts";
import type { EnvironmentPartsFragment } from "../../gql/playground.ts";
import { Button } from "../../parts/Button.tsx";
import { CopyOperation } from "../../parts/CopyOperation.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { Pager } from "../../parts/Pager.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { filterOf } from "../../search/filter.ts";
import { SearchBox } from "../../search/SearchBox.tsx";
import { TermChips } from "../../search/TermChips.tsx";
import { parseTerms } from "../../search/terms.ts";

const NOTHING = {};
const SETTLED_MS = 500;
const MAX_ROWS = 50;
// The server limits the cost of evaluations. More columns therefore leave fewer rows on a page.
const MAX_EVALUATIONS = 400;
const MIN_ROWS = 5;

/** The decisions that SDKs would make about toggles, with the reasons. */
export default function PlaygroundPage() {
  const { data, problem, again } = useQuery(PlaygroundEnvironmentsDocument, NOTHING);
  const isReady = useKeptParameters("playground");
  if (data && isReady) return <Playground environments={data.environments} />;
  return (
    <Page title="Playground">
      {problem ? (
        <LoadFailure subject="The environments" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={12} />
      )}
    </Page>
  );
}

function Playground({ environments }: { environments: readonly EnvironmentPartsFragment[] }) {
  const address = useAddress();
  const { change } = address;
  const view = useMemo(() => {
    const names = environments.map(({ name }) => name);
    return viewIn(address, names, productionOf(environments));
  }, [address, environments]);
  const after = address.one("after");
  const before = address.one("before");
  // The text stands for the variables, because each change of the address makes a new view.
  const text = JSON.stringify(variablesOf(view, after, before));
  const variables = useMemo(() => JSON.parse(text) as ReturnType<typeof variablesOf>, [text]);
  const { data, problem, loading, again } = useQuery(PlaygroundPageDocument, variables);
  useSettled(again);
  const onSearch = useCallback((q: string) => change({ q, ...FIRST_PAGE }), [change]);
  const cell = cellIn(address.one("cell"));
  const pageInfo = data?.playground.pageInfo;

  return (
    <Page
      title="Playground"
      note={data && `${data.playground.totalCount} ${data.playground.totalCount === 1 ? "toggle" : "toggles"}`}
      isRefreshing={loading && data !== undefined}
      actions={<CopyOperation operation={() => ({ query: textOf(PlaygroundPageDocument), variables })} />}
    >
      <ContextsField lines={view.lines} onChange={(context) => change({ context, cell: null })} />
      <EnvironmentChoice
        environments={environments}
        chosen={view.environments}
        onChoose={(env) => change({ env, cell: null, ...FIRST_PAGE })}
      />
      <SearchBox
        label="Search toggles"
        placeholder="Which toggles? Search, or type:release tag:team:web"
        text={view.search}
        onSearch={onSearch}
      />
      {view.search.includes(":") && (
        <div className={css.terms}>
          <TermChips text={view.search} onSearch={onSearch} />
        </div>
      )}
      <AssumedChanges
        assumed={view.assumed}
        onlyAffected={view.onlyAffected}
        onOnlyAffected={(only) => change({ only: only ? "changes" : null, ...FIRST_PAGE })}
        onChanges={(changes) => change({ changes: changes.length > 0 ? JSON.stringify(changes) : null, only: null })}
      />
      {problem && (
        <RetryBanner onRetry={again}>
          {data && "The table may still answer the previous question. "}
          {problem} Fewer contexts, fewer environments or a narrower search cost less.
        </RetryBanner>
      )}
      {data && data.playground.nodes.length > 0 && <p className={css.hint}>Choose a decision to see its reason.</p>}
      {data && data.playground.nodes.length > 0 ? (
        <Grid
          rows={data.playground.nodes}
          view={view}
          environments={environments}
          isLoading={loading}
          onOpen={(opened) => change({ cell: cellText(opened) })}
        />
      ) : data ? (
        <Empty title={view.onlyAffected ? "The changes alter no decision" : "No toggle matches"}>
          {view.onlyAffected && <Button onClick={() => change({ only: null })}>Show all toggles</Button>}
          {!view.onlyAffected && view.search !== "" && <Button onClick={() => onSearch("")}>Show all toggles</Button>}
        </Empty>
      ) : (
        !problem && <Skeleton rows={10} />
      )}
      {pageInfo && <Pager {...turningIn(address, pageInfo)} />}
      {cell && view.contexts[cell.context] && (
        <CellDialog
          cell={cell}
          context={view.contexts[cell.context] ?? { properties: [] }}
          changes={view.assumed.changes}
          onAssume={(changes) => change({ changes: JSON.stringify(changes) })}
          onClose={() => change({ cell: null })}
        />
      )}
    </Page>
  );
}

function variablesOf({ contexts, environments, search, assumed, onlyAffected }: View, after: string, before: string) {
  const withChanges = assumed.changes.length > 0;
  const evaluationsOfRow = contexts.length * environments.length * (withChanges ? 2 : 1);
  const size = Math.max(MIN_ROWS, Math.min(MAX_ROWS, Math.floor(MAX_EVALUATIONS / evaluationsOfRow)));
  return {
    contexts: [...contexts],
    environments: [...environments],
    filter: filterOf(parseTerms(search)),
    changes: assumed.changes,
    withChanges,
    onlyAffected,
    ...pageArguments(size, after, before),
  };
}

/** Run a function after toggles have changed. */
function useSettled(run: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(PlaygroundChangesDocument, NOTHING, () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(run, SETTLED_MS);
  });
}
