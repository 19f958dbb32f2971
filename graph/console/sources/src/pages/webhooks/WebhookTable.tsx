import type { Webhook } from "./page.tsx";
import { DataTable } from "../../parts/DataTable.tsx";
import type { Column } from "../../parts/DataTable.tsx";
import { NameLink } from "../../parts/NameLink.tsx";
import { When } from "../../parts/When.tsx";
import { DeliveryState } from "../../webhooks/DeliveryState.tsx";
import { answerWords } from "../../webhooks/delivery.ts";
import { TestButton } from "../../webhooks/TestButton.tsx";
import { FORMATS, placesWords, shortUrl, typesWords, webhookAddress } from "../../webhooks/webhook.ts";
import { WebhookSwitch } from "../../webhooks/WebhookSwitch.tsx";
import css from "../../webhooks/webhooks.module.css";

interface Props {
  rows: readonly Webhook[];
  isLoading: boolean;
  onChanged: () => void;
}

/** The webhooks with what they get, and whether the last delivery arrived. */
export function WebhookTable({ rows, isLoading, onChanged }: Props) {
  const columns: readonly Column<Webhook>[] = [
    {
      title: "Webhook",
      cell: ({ id, name, description }) => <NameLink href={webhookAddress(id)} name={name} description={description} />,
    },
    { title: "Receiver", cell: (webhook) => <Receiver webhook={webhook} /> },
    { title: "Gets", cell: (webhook) => <Selection webhook={webhook} /> },
    { title: "Latest delivery", width: 190, cell: (webhook) => <Latest webhook={webhook} /> },
    { title: "On", width: 64, cell: (webhook) => <WebhookSwitch webhook={webhook} onChanged={onChanged} /> },
    {
      title: "Actions",
      width: 120,
      isTitleHidden: true,
      cell: (webhook) => (
        <div className={css.actions}>
          <TestButton webhook={webhook} small onTested={onChanged} />
        </div>
      ),
    },
  ];
  return <DataTable label="Webhooks" columns={columns} rows={rows} keyOf={({ id }) => id} isLoading={isLoading} />;
}

function Receiver({ webhook: { receiverUrl, format } }: { webhook: Webhook }) {
  return (
    <>
      {FORMATS.find(({ value }) => value === format)?.text}
      <div className={css.details}>{shortUrl(receiverUrl)}</div>
    </>
  );
}

function Selection({ webhook }: { webhook: Webhook }) {
  const places = placesWords(webhook);
  return (
    <>
      {typesWords(webhook.eventTypes, 1)}
      {places !== "" && (
        <div className={`${css.details} cut`} title={places}>
          {places}
        </div>
      )}
    </>
  );
}

function Latest({ webhook: { latest } }: { webhook: Webhook }) {
  const [delivery] = latest.nodes;
  if (!delivery) return <span className={css.details}>nothing sent yet</span>;
  const answer = answerWords(delivery);
  return (
    <>
      <div className={css.title}>
        <DeliveryState delivery={delivery} />
        <When time={delivery.attemptedAt ?? delivery.createdAt} />
      </div>
      <div className={`${css.details} cut`} title={answer}>
        {answer}
      </div>
    </>
  );
}
