import { Link, useParams } from "wouter";

import { History } from "./History.tsx";
import { useVersions } from "./versions.ts";
import { useAddress } from "../../app/address.ts";
import { toggleName } from "../../app/toggleAddress.ts";
import { ToggleTrail } from "../../edits/ToggleTrail.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";

/** The versions of a toggle, and a version beside the state of today. */
export default function HistoryPage() {
  const { name: segment = "" } = useParams();
  const name = toggleName(segment);
  const address = useAddress();
  const answer = useVersions(name, address);
  const { data, problem, loading, again } = answer;
  const count = data?.toggleVersions.totalCount ?? 0;

  return (
    <Page
      title="History"
      subject={name}
      above={<ToggleTrail name={name} />}
      note={data && (count === 1 ? "1 version" : `${count} versions`)}
      isRefreshing={loading && data !== undefined}
    >
      {problem && data && (
        <RetryBanner onRetry={again}>These versions may be out of date. {problem}</RetryBanner>
      )}
      {data && count > 0 ? (
        <History name={name} answer={answer} data={data} />
      ) : data?.toggle ? (
        <Empty title="The audit log has no version of this toggle">
          <p>Older events may have been deleted.</p>
        </Empty>
      ) : data ? (
        <Empty title={`There is and was no toggle named ${name}`}>
          <Link href={`/toggles?q=${encodeURIComponent(name)}`}>Search for it</Link>
        </Empty>
      ) : problem ? (
        <LoadFailure subject="The history" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={12} />
      )}
    </Page>
  );
}
