import { Link } from "wouter";

import type { Application } from "./ApplicationView.tsx";
import css from "./Rows.module.css";
import { useAddress } from "../../app/address.ts";
import { FIRST_PAGE, turningIn } from "../../app/paging.ts";
import { toggleAddress } from "../../app/toggleAddress.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Card } from "../../parts/Card.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { EnvironmentSelect } from "../../parts/EnvironmentSelect.tsx";
import { NameLink } from "../../parts/NameLink.tsx";
import { Pager } from "../../parts/Pager.tsx";
import { When } from "../../parts/When.tsx";
import { toggleSearch } from "../../search/toggleSearch.ts";

const ALL = "all environments";

/** The toggles that the application asked for, the last first. */
export function UsedToggles({ application }: { application: Application }) {
  const { name, environments, usages } = application;
  const address = useAddress();
  const environment = address.one("env");
  return (
    <Card
      title="Toggles that it asks for"
      aside={<Link href={toggleSearch({ kind: "app", value: name })}>Open in the list of toggles</Link>}
    >
      {(environments.length > 1 || environment !== "") && (
        <EnvironmentSelect
          label="Environment of toggles and instances"
          names={[ALL, ...environments.map((each) => each.name)]}
          value={environment || ALL}
          onChange={(next) => address.change({ env: next === ALL ? null : next, ...FIRST_PAGE })}
        />
      )}
      {usages.totalCount === 0 && (
        <p>It has not reported the use of a toggle{environment !== "" && ` from ${environment}`}.</p>
      )}
      <ul className={css.container} aria-label="Toggles that it asks for">
        {usages.nodes.map((usage) => (
          <li key={`${usage.environment.id} ${usage.toggleName}`} className={css.row}>
            <span>
              {usage.toggle ? (
                <NameLink href={toggleAddress(usage.toggleName)} name={usage.toggleName}>
                  {usage.toggle.archived && <Badge tone="plain">archived</Badge>}
                </NameLink>
              ) : (
                <>
                  <bdi>{usage.toggleName}</bdi> <Badge tone="warn">undefined</Badge>
                </>
              )}
            </span>
            <EnvironmentName name={usage.environment.name} type={usage.environment.type} />
            <span className={css.time}>
              <When time={usage.lastSeenAt} />
            </span>
          </li>
        ))}
      </ul>
      <Pager {...turningIn(address, usages.pageInfo)} />
    </Card>
  );
}
