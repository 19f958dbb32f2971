import { useMemo } from "react";
import { Link } from "wouter";

import { EMPTY, similarTo } from "./creation.ts";
import { NewToggleForm } from "./NewToggleForm.tsx";
import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { useSession } from "../../app/session.tsx";
import { draftOf } from "../../edits/draft.ts";
import { NewToggleDocument } from "../../gql/newToggle.ts";
import { Empty } from "../../parts/Empty.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";

/** Creates a toggle. The parameter `from` of the address names a toggle to copy. */
export default function NewTogglePage() {
  const address = useAddress();
  const { viewer } = useSession();
  const from = address.one("from");
  const { data, problem, again } = useQuery(NewToggleDocument, useMemo(() => ({ from }), [from]));
  const source = useMemo(() => (data?.toggle ? draftOf(data.toggle) : undefined), [data]);
  return (
    <Page title="New toggle" above={<Link href="/toggles">Toggles /</Link>}>
      {!viewer.canWrite ? (
        <Empty title="Your token only reads">
          <p>Sign in with an admin token to create toggles.</p>
        </Empty>
      ) : data ? (
        <NewToggleForm
          key={source?.name}
          initial={{ ...(source ? similarTo(source) : EMPTY), name: address.one("name") }}
          source={source}
          missing={from !== "" && !source ? from : undefined}
          environments={data.environments}
          rule={data.serverInfo.limits}
        />
      ) : problem ? (
        <LoadFailure subject="The form" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={8} />
      )}
    </Page>
  );
}
