import { Link } from "wouter";

import type { Application } from "./ApplicationView.tsx";
import css from "./Reported.module.css";
import { namedAddress } from "../../app/namedAddress.ts";
import { sdkWords } from "../../objects/sdkWords.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Card } from "../../parts/Card.tsx";

/** The versions of SDKs in use. */
export function Sdks({ application: { sdks } }: { application: Application }) {
  return (
    <Card title="SDKs" aside="last 24 hours">
      {sdks.length === 0 && <p className={css.none}>No instance has reported its SDK.</p>}
      <ul className={css.rows}>
        {sdks.map(({ sdk, instanceCount }) => (
          <li key={sdkWords(sdk)} className={css.row}>
            <span>
              {sdkWords(sdk)} {sdk.outdated && <Badge tone="warn">too old</Badge>}
            </span>
            <span className={css.none}>{instanceCount === 1 ? "1 instance" : `${instanceCount} instances`}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The strategies that the SDK of the application implements. */
export function Strategies({ application: { strategies } }: { application: Application }) {
  return (
    <Card title="Strategies of the SDK">
      {strategies.length === 0 && <p className={css.none}>The application has not reported any.</p>}
      <ul className={css.rows}>
        {strategies.map(({ name, strategy }) => (
          <li key={name} className={css.row}>
            {strategy ? <Link href={namedAddress("/strategies", name)}>{strategy.title || name}</Link> : <bdi>{name}</bdi>}
            {!strategy && <Badge tone="warn">not defined here</Badge>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
