import type { Application } from "./ApplicationView.tsx";
import css from "./Rows.module.css";
import { sdkWords } from "../../objects/sdkWords.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Card } from "../../parts/Card.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { When } from "../../parts/When.tsx";

/** The instances that reported in the last 24 hours. */
export function Instances({ application }: { application: Application }) {
  const { totalCount, nodes } = application.instances;
  return (
    <Card title="Instances" aside="last 24 hours">
      {totalCount === 0 && <p>No instance has reported in the last 24 hours.</p>}
      <ul className={css.container} aria-label="Instances">
        {nodes.map(({ id, instanceId, environment, sdk, platform, lastSeenAt }) => (
          <li key={id} className={css.row} data-wide>
            <bdi>{instanceId}</bdi>
            <EnvironmentName name={environment.name} type={environment.type} />
            <span className={css.muted}>
              {sdk ? sdkWords(sdk) : "unknown SDK"} {sdk?.outdated && <Badge tone="warn">too old</Badge>}
              {platform && ` on ${platform}`}
            </span>
            <span className={css.time}>
              <When time={lastSeenAt} />
            </span>
          </li>
        ))}
      </ul>
      {totalCount > nodes.length && (
        <p>
          The last {nodes.length} of {totalCount} are shown.
        </p>
      )}
    </Card>
  );
}
