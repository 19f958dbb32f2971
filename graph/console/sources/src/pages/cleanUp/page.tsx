import { useCallback, useMemo, useState } from "react";

import css from "./page.module.css";
import { CleanUpBar } from "./CleanUpBar.tsx";
import { useCleanUpChanges } from "./following.ts";
import { listsFor } from "./lists.ts";
import { ToggleSection } from "./ToggleSection.tsx";
import { UnknownSection } from "./UnknownSection.tsx";
import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { productionOf } from "../../app/production.ts";
import { useSession } from "../../app/session.tsx";
import { bulkAction } from "../../edits/bulk.ts";
import { Review } from "../../edits/Review.tsx";
import { CleanUpEnvironmentsDocument } from "../../gql/cleanUp.ts";
import type { EnvironmentPartsFragment } from "../../gql/cleanUp.ts";
import { FilterSelect } from "../../parts/FilterSelect.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";

const NOTHING = {};
const SPANS = [7, 30, 60, 90];
const DEFAULT_DAYS = 30;

/** The toggles that may be ready to leave the code, with what applications have asked for. */
export default function CleanUpPage() {
  const { data, problem, again } = useQuery(CleanUpEnvironmentsDocument, NOTHING);
  return (
    <Page title="Clean-up">
      {data ? (
        <CleanUp environments={data.environments} />
      ) : problem ? (
        <LoadFailure subject="The environments" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={12} />
      )}
    </Page>
  );
}

function CleanUp({ environments }: { environments: readonly EnvironmentPartsFragment[] }) {
  const address = useAddress();
  const { change } = address;
  const { viewer } = useSession();
  const version = useCleanUpChanges();
  const [applied, setApplied] = useState(0);
  const days = daysIn(address.one("days"));
  const environment = environmentIn(environments, address.one("env"));
  const lists = useMemo(() => listsFor(days, environment), [days, environment]);
  const picked = useMemo(() => new Set(address.all("pick")), [address]);
  const chosen = useMemo(() => bulkAction(address.one("do")), [address]);
  const changes = useMemo(() => (chosen ? [...picked].map(chosen.changeOf) : []), [chosen, picked]);
  const onPick = useCallback(
    (name: string, isPicked: boolean) => {
      const next = new Set(picked);
      if (isPicked) next.add(name);
      else next.delete(name);
      change({ pick: [...next] });
    },
    [picked, change],
  );

  return (
    <>
      <p className={css.lead}>
        The server knows which toggles applications asked for, and which answers they got. It cannot know whether code still
        needs a toggle, so look at the code before you remove one.
        {viewer.canWrite && " Select toggles to archive them, or to mark them as stale."}
      </p>
      <div className={css.choices}>
        <FilterSelect
          label="Days"
          value={String(days)}
          options={[...new Set([...SPANS, days])]
            .sort((a, b) => a - b)
            .map((span) => ({ value: String(span), text: String(span) }))}
          onChange={(next) => change({ days: next })}
        />
        <FilterSelect
          label="Environment"
          value={environment}
          options={environments.map(({ name }) => ({ value: name, text: name }))}
          onChange={(name) => change({ env: name })}
        />
      </div>
      {lists.map((list) => (
        <ToggleSection
          key={list.key}
          list={list}
          environment={environment}
          days={days}
          version={version + applied}
          picked={picked}
          onPick={viewer.canWrite ? onPick : undefined}
        />
      ))}
      <UnknownSection days={days} version={version + applied} canWrite={viewer.canWrite} />
      {picked.size > 0 && viewer.canWrite && (
        <CleanUpBar count={picked.size} onAction={(action) => change({ do: action })} onClear={() => change({ pick: null })} />
      )}
      {chosen && changes.length > 0 && viewer.canWrite && (
        <Review
          title={chosen.title}
          changes={changes}
          onClose={() => change({ do: null })}
          onApplied={() => {
            change({ do: null, pick: null });
            setApplied((before) => before + 1);
          }}
        />
      )}
    </>
  );
}

/** Return the number of days in an address, from 1 to 365; by default 30. */
function daysIn(text: string): number {
  const days = Number(text);
  return Number.isInteger(days) && days >= 1 && days <= 365 ? days : DEFAULT_DAYS;
}

/** Return the environment that an address names; by default the first one of production. */
function environmentIn(environments: readonly EnvironmentPartsFragment[], name: string): string {
  const named = environments.find((environment) => environment.name === name);
  return named?.name ?? productionOf(environments);
}
