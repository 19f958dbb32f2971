import { useCallback, useMemo, useState } from "react";

import css from "./page.module.css";
import { moved, orderChanges } from "./changes.ts";
import type { Environment } from "./changes.ts";
import { ChangeType, CreateEnvironment, DeleteEnvironment } from "./EnvironmentDialogs.tsx";
import { EnvironmentTable } from "./EnvironmentTable.tsx";
import { useAddress } from "../../app/address.ts";
import { useAsk, useQuery } from "../../app/client.ts";
import { useSession } from "../../app/session.tsx";
import { useEvents } from "../../edits/events.ts";
import { newKey } from "../../edits/ids.ts";
import { Review } from "../../edits/Review.tsx";
import { submit } from "../../edits/submission.ts";
import { useUndo } from "../../edits/undo.ts";
import type { ChangeInput, EventType } from "../../gql/edits.ts";
import { EnvironmentsPageDocument } from "../../gql/environments.ts";
import type { EnvironmentsPageQuery } from "../../gql/environments.ts";
import { Button } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { useToast } from "../../parts/Toast.tsx";
import { SearchBox } from "../../search/SearchBox.tsx";

const NOTHING = {};
const EVENTS: readonly EventType[] = ["ENVIRONMENT_CREATED", "ENVIRONMENT_UPDATED", "ENVIRONMENT_DELETED"];
// A longer list is easier to search than to read.
const MAX_UNSEARCHED = 12;

/** The environments in their order. The parameter `do` of the address names an open dialog. */
export default function EnvironmentsPage() {
  const address = useAddress();
  const { change } = address;
  const { viewer } = useSession();
  const { data, problem, loading, again } = useQuery(EnvironmentsPageDocument, NOTHING);
  useEvents(EVENTS, again);
  const onSearch = useCallback((q: string) => change({ q }), [change]);
  const search = address.one("q");
  const isLong = (data?.environments.length ?? 0) > MAX_UNSEARCHED;

  return (
    <Page
      title="Environments"
      note={data && `${data.environments.length} in all`}
      isRefreshing={loading && data !== undefined}
      actions={
        viewer.canWrite && (
          <Button kind="primary" keys="n" onClick={() => change({ do: "create" })}>
            New environment
          </Button>
        )
      }
    >
      <p className={css.lead}>
        A toggle has a switch and strategies in each environment. A token of an application reads one environment. All
        lists of the console have this order.
      </p>
      {(isLong || search !== "") && (
        <SearchBox label="Search environments" placeholder="Search the names" text={search} onSearch={onSearch} />
      )}
      {problem && data && <RetryBanner onRetry={again}>These environments may be out of date. {problem}</RetryBanner>}
      {data ? (
        <List data={data} search={search} isLoading={loading} canWrite={viewer.canWrite} onChanged={again} />
      ) : problem ? (
        <LoadFailure subject="The environments" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={6} />
      )}
    </Page>
  );
}

interface ListProps {
  data: EnvironmentsPageQuery;
  search: string;
  isLoading: boolean;
  canWrite: boolean;
  onChanged: () => void;
}

function List({ data, search, isLoading, canWrite, onChanged }: ListProps) {
  const address = useAddress();
  const { environments } = data;
  const move = useMove(environments, onChanged);
  const [reviewed, setReviewed] = useState<ChangeInput>();
  const isSearching = search.trim() !== "";
  const rows = isSearching
    ? environments.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()))
    : environments;
  const [action, name] = actionIn(address.one("do"));
  const environment = environments.find((each) => each.name === name);
  const change = reviewed ?? directChange(action, environment);
  const changes = useStable(change);
  const close = () => {
    setReviewed(undefined);
    address.change({ do: null });
  };

  return (
    <>
      {rows.length === 0 ? (
        <Empty title="No environment matches">
          <Button onClick={() => address.change({ q: null })}>Show all environments</Button>
        </Empty>
      ) : (
        <EnvironmentTable
          rows={rows}
          canWrite={canWrite}
          isLoading={isLoading}
          onMove={isSearching ? undefined : move}
          onAction={(verb, chosen) => address.change({ do: `${verb}:${chosen}` })}
        />
      )}
      {canWrite && !change && action === "create" && (
        <CreateEnvironment
          environments={environments}
          rule={data.serverInfo.limits}
          onClose={close}
          onReview={setReviewed}
        />
      )}
      {canWrite && !change && action === "type" && environment && (
        <ChangeType environment={environment} onClose={close} onReview={setReviewed} />
      )}
      {canWrite && !change && action === "delete" && environment && (
        <DeleteEnvironment environment={environment} onClose={close} onReview={setReviewed} />
      )}
      {canWrite && change && (
        <Review
          title={titleOf(change)}
          changes={changes}
          onClose={close}
          onApplied={() => {
            close();
            onChanged();
          }}
        />
      )}
    </>
  );
}

/** Return a function that moves an environment at once, and reports the change with the button Undo. */
function useMove(environments: readonly Environment[], onMoved: () => void) {
  const ask = useAsk();
  const show = useToast();
  const announce = useUndo();
  return (name: string, places: number) => {
    const changes = orderChanges(moved(environments, name, places));
    if (changes.length === 0) return;
    const options = { comment: "Order of environments", idempotencyKey: newKey() };
    void submit(ask, { kind: "changes", input: { changes } }, options)
      .then(({ changeSet, errors: [error], ...made }) => {
        if (changeSet) announce(changeSet.id, made);
        else if (error) show({ text: `Not moved. ${error.message}`, isFailure: true });
        onMoved();
      })
      .catch((error: Error) => show({ text: `Not moved. ${error.message}`, isFailure: true }));
  };
}

/** Return the verb and the name of an environment in a parameter such as `delete:production`. */
function actionIn(text: string): [action: string, name: string] {
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** Return the change of an action that asks for nothing before its review. */
function directChange(action: string, environment: Environment | undefined): ChangeInput | undefined {
  if (!environment || (action !== "enable" && action !== "disable")) return undefined;
  return { environmentUpdate: { name: environment.name, enabled: action === "enable" } };
}

/** Return a list with one change, which is the same list as long as the change has the same content. */
function useStable(change: ChangeInput | undefined): readonly ChangeInput[] {
  const text = JSON.stringify(change ?? null);
  return useMemo(() => {
    const content = JSON.parse(text) as ChangeInput | null;
    return content === null ? [] : [content];
  }, [text]);
}

function titleOf({ environmentCreate, environmentUpdate, environmentDelete }: ChangeInput): string {
  if (environmentCreate) return `Create ${environmentCreate.name}`;
  if (environmentDelete) return `Delete ${environmentDelete.name}`;
  const { name = "", enabled } = environmentUpdate ?? {};
  if (enabled == null) return `Change ${name}`;
  return enabled ? `Take ${name} into use` : `Take ${name} out of use`;
}
