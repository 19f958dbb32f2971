import css from "./page.module.css";
import { FactCard } from "./FactCard.tsx";
import { useHealth } from "./readiness.ts";
import { API } from "../../app/base.ts";
import { textOf, useQuery } from "../../app/client.ts";
import { ServerPageDocument } from "../../gql/server.ts";
import type { ServerPageQuery } from "../../gql/server.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { CopyOperation } from "../../parts/CopyOperation.tsx";
import { LoadFailure } from "../../parts/LoadFailure.tsx";
import { displayTime } from "../../parts/localTime.ts";
import { Page } from "../../parts/Page.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { HowLong } from "../../parts/When.tsx";

const NOTHING = {};
const NUMBER = new Intl.NumberFormat();
const DATABASES: Readonly<Record<string, string>> = { sqlite: "SQLite", postgresql: "PostgreSQL" };

/** The server: its health, versions, database, contents and limits. */
export default function ServerPage() {
  const { data, problem, loading, again } = useQuery(ServerPageDocument, NOTHING);
  const { health, again: checkHealth } = useHealth();
  return (
    <Page
      title="Server"
      note={health && <Badge tone={health.tone}>{health.words}</Badge>}
      isRefreshing={loading && data !== undefined}
      actions={
        <>
          <CopyOperation operation={() => ({ query: textOf(ServerPageDocument), variables: NOTHING })} />
          <Button
            onClick={() => {
              again();
              checkHealth();
            }}
          >
            Check again
          </Button>
        </>
      }
    >
      {health && <p>{health.details}</p>}
      {problem && data && <RetryBanner onRetry={again}>This page may be out of date. {problem}</RetryBanner>}
      {data ? (
        <Facts data={data} />
      ) : problem ? (
        <LoadFailure subject="The server" problem={problem} onRetry={again} />
      ) : (
        <Skeleton rows={10} />
      )}
    </Page>
  );
}

function Facts({ data: { serverInfo, viewer } }: { data: ServerPageQuery }) {
  const { version, revision, schemaHash, startedAt, database, limits, statistics, subscriptionProtocols } = serverInfo;
  const count = (value: number) => NUMBER.format(value);
  return (
    <div className={css.columns}>
      <div className={css.column}>
        <FactCard
          title="Version"
          facts={[
            { name: "Flagstaff", value: version },
            { name: "Running for", value: <HowLong since={startedAt} /> },
            { name: "Revision", value: count(revision), meaning: "Each change of the configuration increments the revision." },
            {
              name: "Schema",
              value: <span className={css.hash}>{schemaHash.replace("sha256:", "").slice(0, 16)}</span>,
              meaning: "The hash of the schema changes when the API changes.",
            },
          ]}
        />
        <FactCard
          title="Database"
          facts={[
            { name: DATABASES[database.dialect] ?? database.dialect, value: database.version },
            { name: "Last migration", value: <span className={css.hash}>{database.migration}</span> },
          ]}
        />
        <FactCard
          title="Contents"
          facts={[
            { name: "Active toggles", value: count(statistics.toggles) },
            { name: "Archived toggles", value: count(statistics.archivedToggles) },
            { name: "Applications", value: count(statistics.applications) },
            { name: "Instances in the last 24 hours", value: count(statistics.liveInstances) },
            { name: "Events in the audit log", value: count(statistics.events) },
          ]}
        />
        <FactCard
          title="Your connection"
          facts={[
            { name: "Address of the API", value: API.href },
            { name: "Token", value: viewer.tokenType ? <bdi>{viewer.actor.name}</bdi> : "none needed" },
            { name: "May", value: viewer.canWrite ? "read and change" : "read" },
            ...(viewer.tokenType
              ? [{ name: "Expires", value: viewer.expiresAt === null ? "never" : displayTime(viewer.expiresAt) }]
              : []),
            { name: "Protocols of subscriptions", value: subscriptionProtocols.join(", ") },
          ]}
        />
      </div>
      <FactCard
        title="Limits"
        aside="per request"
        facts={[
          { name: "Cost", value: count(limits.maxCost), meaning: "Each operation costs about as much as the objects that it reads." },
          { name: "Depth", value: count(limits.maxDepth), meaning: "How deep selections may be nested." },
          { name: "Aliases", value: count(limits.maxAliases) },
          { name: "Words and signs of a document", value: count(limits.maxTokens) },
          { name: "Items of a page", value: count(limits.maxPageSize) },
          { name: "Changes of a change set", value: count(limits.maxChanges) },
          { name: "Scheduled change sets", value: count(limits.maxScheduled), meaning: "At the same time." },
          { name: "Steps of a rollout", value: count(limits.maxSteps) },
          { name: "Bytes of an import", value: count(limits.maxImportBytes) },
          { name: "Characters of a name", value: count(limits.maxNameLength) },
        ]}
      />
    </div>
  );
}
