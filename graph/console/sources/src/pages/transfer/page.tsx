import css from "./page.module.css";
import { ExportCard } from "./ExportCard.tsx";
import { ImportCard } from "./ImportCard.tsx";
import { useQuery } from "../../app/client.ts";
import { useSession } from "../../app/session.tsx";
import { TransferPageDocument } from "../../gql/transfer.ts";
import { Card } from "../../parts/Card.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";

const NOTHING = {};

/** Exports the configuration to a file, and imports such a file after a review. */
export default function TransferPage() {
  const { viewer } = useSession();
  const { data, problem, loading, again } = useQuery(TransferPageDocument, NOTHING);
  return (
    <Page title="Import and export" isRefreshing={loading && data !== undefined}>
      {problem && data && <RetryBanner onRetry={again}>The choices may be out of date. {problem}</RetryBanner>}
      {data ? (
        <div className={css.columns}>
          {viewer.canWrite ? (
            <ImportCard data={data} />
          ) : (
            <Card title="Import">
              <p className={css.detail}>Your token only reads. Sign in with an admin token to import a file.</p>
            </Card>
          )}
          <ExportCard environments={data.environments} />
        </div>
      ) : problem ? (
        <LoadFailure subject="The choices" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={8} />
      )}
    </Page>
  );
}
