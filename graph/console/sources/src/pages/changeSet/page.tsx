import { Link, useParams } from "wouter";

import { ChangeSetContent } from "./ChangeSetContent.tsx";
import { useAddress } from "../../app/address.ts";
import { changeSetId } from "../../app/changeSetAddress.ts";
import { useLive, useQuery } from "../../app/client.ts";
import { ChangeSetPageDocument, EventsOfChangeSetDocument } from "../../gql/changeSet.ts";
import { Empty } from "../../parts/Empty.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";

const PAGE_SIZE = 50;

/** A change set with its changes. */
export default function ChangeSetPage() {
  const id = changeSetId(useParams<{ id: string }>().id ?? "");
  const address = useAddress();
  const after = address.one("after") || null;
  const { data, problem, loading, again } = useQuery(ChangeSetPageDocument, { id, first: PAGE_SIZE, after });
  useLive(EventsOfChangeSetDocument, { id }, again);
  const node = data?.node;
  const changeSet = node?.id === id && "changeCount" in node ? node : undefined;

  if (changeSet) {
    return (
      <ChangeSetContent
        changeSet={changeSet}
        isRefreshing={loading}
        banner={
          problem && (
            <RetryBanner onRetry={again}>This change set may be out of date. {problem}</RetryBanner>
          )
        }
        onChanged={again}
        onShow={(cursor) => address.change({ after: cursor }, "push")}
        isFirstPage={after === null}
      />
    );
  }
  return (
    <Page title="Change set" above={<Link href="/change-sets">Change sets /</Link>}>
      {problem ? (
        <LoadFailure subject="The change set" problem={problem} onRetry={again} />
      ) : loading ? (
        <Skeleton rows={4} />
      ) : (
        <Empty title="There is no change set with this ID">
          <Link href="/change-sets">Open the change sets</Link>
        </Empty>
      )}
    </Page>
  );
}
