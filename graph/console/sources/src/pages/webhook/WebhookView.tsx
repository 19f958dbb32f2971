import { useState } from "react";
import { Link } from "wouter";

import { DeleteWebhook, ReplaceSecret } from "./Questions.tsx";
import { DeliveryLog } from "./DeliveryLog.tsx";
import { useAddress } from "../../app/address.ts";
import type { Answer } from "../../app/client.ts";
import type { WebhookPageQuery } from "../../gql/webhooks.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Page } from "../../parts/Page.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { useToast } from "../../parts/Toast.tsx";
import { When } from "../../parts/When.tsx";
import type { StateChoice } from "../../webhooks/delivery.ts";
import { TestButton } from "../../webhooks/TestButton.tsx";
import { useDeliveries } from "../../webhooks/useDeliveries.ts";
import { FORMATS, shortUrl, typesWords } from "../../webhooks/webhook.ts";
import { EditWebhook } from "../../webhooks/WebhookDialog.tsx";
import { WebhookSecret } from "../../webhooks/WebhookSecret.tsx";
import { WebhookSwitch } from "../../webhooks/WebhookSwitch.tsx";
import css from "../../webhooks/webhooks.module.css";

export type Webhook = NonNullable<WebhookPageQuery["webhook"]>;

interface Props {
  webhook: Webhook;
  /** The state that the log is narrowed to. */
  state: StateChoice;
  answer: Answer<unknown>;
}

/** A webhook that exists. The parameter `do` of the address names an open dialog. */
export function WebhookView({ webhook, state, answer: { problem, loading, again } }: Props) {
  const { one, change } = useAddress();
  const show = useToast();
  const [secret, setSecret] = useState<string>();
  useDeliveries(webhook.deliveries.nodes, again);
  const { name, createdAt, createdBy } = webhook;
  const action = one("do");
  const open = (verb: string) => () => change({ do: verb });
  const close = () => change({ do: null });

  return (
    <Page
      title={name}
      isName
      above={<Link href="/webhooks">Webhooks /</Link>}
      note={
        <>
          created <When time={createdAt} />
          {createdBy && (
            <>
              {" by "}
              <bdi>{createdBy.name}</bdi>
            </>
          )}
        </>
      }
      isRefreshing={loading}
      actions={
        <>
          <TestButton webhook={webhook} onTested={again} />
          <Button keys="e" onClick={open("edit")}>
            Edit…
          </Button>
          <Button onClick={open("rotate")}>Replace the secret…</Button>
          <Button onClick={open("delete")}>Delete…</Button>
        </>
      }
    >
      {problem && <RetryBanner onRetry={again}>This webhook may be out of date. {problem}</RetryBanner>}
      <Details webhook={webhook} onChanged={again} />
      <DeliveryLog deliveries={webhook.deliveries} state={state} isLoading={loading} onRefresh={again} />
      {action === "edit" && (
        <EditWebhook
          webhook={webhook}
          onClose={close}
          onSaved={() => {
            close();
            again();
            show({ text: `${name} is saved.` });
          }}
        />
      )}
      {action === "rotate" && (
        <ReplaceSecret
          webhook={webhook}
          onClose={close}
          onReplaced={(next) => {
            close();
            setSecret(next);
          }}
        />
      )}
      {action === "delete" && <DeleteWebhook webhook={webhook} onClose={close} />}
      {secret !== undefined && <WebhookSecret name={name} secret={secret} onClose={() => setSecret(undefined)} />}
    </Page>
  );
}

function Details({ webhook, onChanged }: { webhook: Webhook; onChanged: () => void }) {
  const { enabled, description, receiverUrl, format, eventTypes, projects, environments } = webhook;
  const facts = [
    { title: "Receiver", words: shortUrl(receiverUrl) },
    { title: "Format", words: FORMATS.find(({ value }) => value === format)?.text },
    { title: "Events", words: typesWords(eventTypes, eventTypes?.length ?? 0) },
    { title: "Projects", words: projects.join(", ") || "all" },
    { title: "Environments", words: environments.join(", ") || "all" },
    ...(description === "" ? [] : [{ title: "Description", words: description }]),
  ];
  return (
    <Card
      title="Details"
      aside={
        <span className={css.switch}>
          {enabled ? "Sends events" : "Off: gets no events"}
          <WebhookSwitch webhook={webhook} onChanged={onChanged} />
        </span>
      }
    >
      <dl className={css.facts}>
        {facts.map(({ title, words }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              <bdi>{words}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
