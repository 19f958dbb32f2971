import { useMemo } from "react";
import { Link, useParams } from "wouter";
import { ArrowLeftRight } from "lucide-react";

import css from "./page.module.css";
import { Comparison } from "./Comparison.tsx";
import { useAddress } from "../../app/address.ts";
import { useLive, useQuery } from "../../app/client.ts";
import { toggleAddress, toggleName } from "../../app/toggleAddress.ts";
import { ToggleTrail } from "../../edits/ToggleTrail.tsx";
import { ComparedChangesDocument, ComparedEnvironmentsDocument, ComparePageDocument } from "../../gql/compare.ts";
import type { ComparePageQuery, EnvironmentPartsFragment } from "../../gql/compare.ts";
import { Button } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { EnvironmentSelect } from "../../parts/EnvironmentSelect.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";

const NOTHING = {};

/** The configurations of a toggle in two environments, side by side. */
export default function ComparePage() {
  const { name: segment = "" } = useParams();
  const name = toggleName(segment);
  const known = useQuery(ComparedEnvironmentsDocument, NOTHING);
  const answer = useQuery(ComparePageDocument, useMemo(() => ({ name }), [name]));
  const { data, loading } = answer;
  useLive(ComparedChangesDocument, useMemo(() => ({ names: [name] }), [name]), ({ toggleChanged }) => {
    if (!toggleChanged.toggle) answer.again();
  });
  const environments = known.data?.environments;
  const problem = answer.problem ?? known.problem;
  const again = () => {
    known.again();
    answer.again();
  };

  return (
    <Page
      title="Compare"
      subject={name}
      above={<ToggleTrail name={name} />}
      isRefreshing={loading && data !== undefined}
    >
      {data && environments ? (
        <>
          {problem && (
            <RetryBanner onRetry={again}>This comparison may be out of date. {problem}</RetryBanner>
          )}
          <Sides name={name} toggle={data.toggle} environments={environments} />
        </>
      ) : problem ? (
        <LoadFailure subject="The comparison" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={10} />
      )}
    </Page>
  );
}

interface SidesProps {
  name: string;
  toggle: ComparePageQuery["toggle"];
  environments: readonly EnvironmentPartsFragment[];
}

function Sides({ name, toggle, environments }: SidesProps) {
  const address = useAddress();
  const names = environments.map((environment) => environment.name);
  const from = address.one("from") || names.find((each) => each !== address.one("to")) || "";
  const to = address.one("to") || names.find((each) => each !== from) || "";
  const left = environments.find((each) => each.name === from);
  const right = environments.find((each) => each.name === to);
  const choose = (next: { from: string; to: string }) => address.change({ ...next, take: null });

  if (!toggle) {
    return (
      <Empty title={`There is no toggle named ${name}`}>
        <p>If it was deleted, its history shows when and by whom.</p>
        <Link href={`${toggleAddress(name)}/history`}>Open the history</Link>
        <Link href={`/toggles?q=${encodeURIComponent(name)}`}>Search for it</Link>
      </Empty>
    );
  }
  if (names.length < 2) {
    return (
      <Empty title="There is only one environment">
        <p>A comparison needs a second environment.</p>
      </Empty>
    );
  }
  return (
    <>
      <div className={css.sides}>
        <EnvironmentSelect label="Compare" names={names} value={from} onChange={(next) => choose({ from: next, to })} />
        <Button onClick={() => choose({ from: to, to: from })}>
          <ArrowLeftRight size={15} aria-hidden="true" />
          Swap sides
        </Button>
        <EnvironmentSelect label="With" names={names} value={to} onChange={(next) => choose({ from, to: next })} />
      </div>
      {!left || !right ? (
        <Empty title={`There is no environment named ${left ? to : from}`}>
          <p>Choose another environment.</p>
        </Empty>
      ) : left === right ? (
        <Empty title="Both sides are the same environment">
          <p>Choose another environment on one side.</p>
        </Empty>
      ) : (
        <Comparison toggle={toggle} from={left} to={right} />
      )}
    </>
  );
}
