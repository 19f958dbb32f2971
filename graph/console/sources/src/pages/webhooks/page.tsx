import { useState } from "react";
import { Link } from "wouter";

import { WebhookTable } from "./WebhookTable.tsx";
import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { useSession } from "../../app/session.tsx";
import { WebhooksPageDocument } from "../../gql/webhooks.ts";
import type { WebhooksPageQuery } from "../../gql/webhooks.ts";
import { Button } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { Page } from "../../parts/Page.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { UnreadableWebhooks } from "../../webhooks/UnreadableWebhooks.tsx";
import { useDeliveries } from "../../webhooks/useDeliveries.ts";
import { CreateWebhook } from "../../webhooks/WebhookDialog.tsx";
import { WebhookSecret } from "../../webhooks/WebhookSecret.tsx";
import css from "../../webhooks/webhooks.module.css";

export type Webhook = WebhooksPageQuery["webhooks"][number];

const NOTHING = {};
const NONE: readonly Webhook[] = [];

/** The webhooks, which only admin tokens can read. The parameter `do` of the address names an open dialog. */
export default function WebhooksPage() {
  const { viewer } = useSession();
  return viewer.canWrite ? (
    <Webhooks />
  ) : (
    <Page title="Webhooks">
      <UnreadableWebhooks />
    </Page>
  );
}

function Webhooks() {
  const { one, change } = useAddress();
  const { data, problem, loading, again } = useQuery(WebhooksPageDocument, NOTHING);
  const webhooks = data?.webhooks ?? NONE;
  useDeliveries(webhooks.flatMap(({ latest }) => latest.nodes), again);
  const [created, setCreated] = useState<{ name: string; secret: string }>();
  const create = () => change({ do: "create" });

  return (
    <Page
      title="Webhooks"
      note={data && `${webhooks.length} in all`}
      isRefreshing={loading && data !== undefined}
      actions={
        <Button kind="primary" keys="n" onClick={create}>
          New webhook
        </Button>
      }
    >
      <p className={css.lead}>
        A webhook sends the events of the <Link href="/activity">activity log</Link> to a chat or a program, as soon as
        they happen.
      </p>
      {problem && data && <RetryBanner onRetry={again}>These webhooks may be out of date. {problem}</RetryBanner>}
      {!data && problem && <LoadFailure subject="The webhooks" problem={problem} onRetry={again} />}
      {!data && !problem && <Skeleton rows={6} />}
      {data &&
        (webhooks.length > 0 ? (
          <WebhookTable rows={webhooks} isLoading={loading} onChanged={again} />
        ) : (
          <Empty title="There are no webhooks yet">
            <p>Send events to a channel of Slack or Microsoft Teams, or to a program of yours.</p>
            <Button onClick={create}>Create the first webhook</Button>
          </Empty>
        ))}
      {one("do") === "create" && (
        <CreateWebhook
          onClose={() => change({ do: null })}
          onCreated={({ webhook, secret }) => {
            change({ do: null });
            if (webhook && secret !== null) setCreated({ name: webhook.name, secret });
            again();
          }}
        />
      )}
      {created && <WebhookSecret {...created} onClose={() => setCreated(undefined)} />}
    </Page>
  );
}
