import { Link } from "wouter";

import css from "./Side.module.css";
import type { Toggle } from "./toggle.ts";
import { namedAddress } from "../../app/namedAddress.ts";
import { Card } from "../../parts/Card.tsx";
import { When } from "../../parts/When.tsx";

/** The applications that reported the toggle from one environment. */
export function Applications({ toggle, environment }: { toggle: Toggle; environment: string }) {
  const { nodes, totalCount } = toggle.usages;
  const here = nodes.filter((usage) => usage.environment.name === environment);
  const others = [...new Set(nodes.map((usage) => usage.environment.name))].filter((name) => name !== environment);
  return (
    <Card title="Applications">
      {here.length > 0 ? (
        <ul className={css.rows}>
          {here.map(({ application, lastSeenAt }) => (
            <li key={application.id} className={css.row}>
              <Link href={namedAddress("/applications", application.name)} className={css.name}>
                <bdi>{application.name}</bdi>
              </Link>
              <span className={css.aside}>
                <When time={lastSeenAt} />
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className={css.none}>No application has reported the toggle from {environment}.</p>
      )}
      {others.length > 0 && <p className={css.none}>Also reported from {others.join(", ")}.</p>}
      {totalCount > nodes.length && <p className={css.none}>Only the last {nodes.length} reports are shown.</p>}
    </Card>
  );
}
