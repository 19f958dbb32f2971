import { useMemo } from "react";
import { Link, useParams } from "wouter";

import { WebhookView } from "./WebhookView.tsx";
import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { useSession } from "../../app/session.tsx";
import { usePageArguments } from "../../app/usePageArguments.ts";
import { WebhookPageDocument } from "../../gql/webhooks.ts";
import { Empty } from "../../parts/Empty.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { stateOf, statesOf } from "../../webhooks/delivery.ts";
import { UnreadableWebhooks } from "../../webhooks/UnreadableWebhooks.tsx";
import { webhookId } from "../../webhooks/webhook.ts";

const PAGE_SIZE = 25;

/** A webhook and its deliveries, which only admin tokens can read. */
export default function WebhookPage() {
  const id = webhookId(useParams<{ id: string }>().id ?? "");
  const { viewer } = useSession();
  return viewer.canWrite ? (
    <SavedWebhook id={id} />
  ) : (
    <Page title="Webhook">
      <UnreadableWebhooks />
    </Page>
  );
}

function SavedWebhook({ id }: { id: string }) {
  const page = usePageArguments(PAGE_SIZE);
  const state = stateOf(useAddress().one("state"));
  const variables = useMemo(() => ({ id, states: statesOf(state), ...page }), [id, state, page]);
  const answer = useQuery(WebhookPageDocument, variables);
  const { data, problem, loading, again } = answer;
  if (data?.webhook?.id === id) return <WebhookView webhook={data.webhook} state={state} answer={answer} />;
  return (
    <Page title="Webhook" above={<Link href="/webhooks">Webhooks /</Link>}>
      {problem ? (
        <LoadFailure subject="The webhook" problem={problem} onRetry={again} />
      ) : loading ? (
        <Skeleton rows={6} />
      ) : (
        <Empty title="There is no webhook at this address">
          <p>
            <Link href="/webhooks">Open the webhooks</Link>
          </p>
        </Empty>
      )}
    </Page>
  );
}
