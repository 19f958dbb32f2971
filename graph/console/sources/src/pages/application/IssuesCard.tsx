import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import css from "./IssuesCard.module.css";
import { namedAddress } from "../../app/namedAddress.ts";
import { useSession } from "../../app/session.tsx";
import { toggleAddress } from "../../app/toggleAddress.ts";
import { Review } from "../../edits/Review.tsx";
import type { IssuesFragment } from "../../gql/application.ts";
import { sdkWords } from "../../objects/sdkWords.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { toggleSearch } from "../../search/toggleSearch.ts";

interface Props {
  /** The name of the application. */
  application: string;
  issues: IssuesFragment;
  onChanged: () => void;
}

/** What does not fit between the application and the server, with the way to mend each issue. */
export function IssuesCard({ application, issues, onChanged }: Props) {
  const { viewer } = useSession();
  const [revived, setRevived] = useState<string>();
  const revival = useMemo(() => (revived === undefined ? [] : [{ toggleRevive: { name: revived } }]), [revived]);
  const using = (strategy: string) =>
    toggleSearch({ kind: "strategy", value: strategy }, { kind: "app", value: application });

  return (
    <Card
      title="Problems and their fixes"
      aside={issues.count > 0 && <Badge tone="warn">{issues.count}</Badge>}
    >
      {issues.count === 0 && <p className={css.meaning}>Everything that the application asks for is defined here.</p>}
      <Group
        title="Names that nobody defined"
        meaning="No toggle has these names. The SDK answers no, unless the code has another default."
        count={issues.unknownToggleCount}
        rows={issues.unknownToggles.map((name) => ({
          name,
          fix: viewer.canWrite && <Link href={`/toggles/new?name=${encodeURIComponent(name)}`}>Create {name}</Link>,
        }))}
      />
      <Group
        title="Archived toggles that it still asks for"
        meaning="Remove the toggle from the code, or revive the toggle."
        count={issues.archivedToggleCount}
        rows={issues.archivedToggles.map(({ name }) => ({
          name,
          href: toggleAddress(name),
          fix: viewer.canWrite && (
            <Button small onClick={() => setRevived(name)}>
              Revive {name}…
            </Button>
          ),
        }))}
      />
      <Group
        title="Strategies that the SDK lacks"
        meaning="Toggles of the application use these strategies, which therefore never match there. Add the strategy to the application, or choose another one in these toggles."
        count={issues.missingStrategyCount}
        rows={issues.missingStrategies.map(({ name, title }) => ({
          name,
          title,
          href: namedAddress("/strategies", name),
          fix: <Link href={using(name)}>Toggles with {name}</Link>,
        }))}
      />
      <Group
        title="Strategies that only the application has"
        meaning="The application implements these strategies. Toggles can use a strategy after you define it here."
        count={issues.unknownStrategyCount}
        rows={issues.unknownStrategies.map((name) => ({
          name,
          fix: viewer.canWrite && <Link href={`/strategies/new?name=${encodeURIComponent(name)}`}>Define {name}</Link>,
        }))}
      />
      <Group
        title="SDKs that are too old"
        meaning="These versions ignore dependencies between toggles, and may lack newer operators. Update the SDK in the application."
        count={issues.outdatedSdkCount}
        rows={issues.outdatedSdks.map((sdk) => ({ name: sdkWords(sdk), fix: null }))}
      />
      {revived !== undefined && (
        <Review
          title={`Revive ${revived}`}
          changes={revival}
          onClose={() => setRevived(undefined)}
          onApplied={() => {
            setRevived(undefined);
            onChanged();
          }}
        />
      )}
    </Card>
  );
}

interface GroupProps {
  title: string;
  meaning: string;
  count: number;
  rows: readonly { name: string; title?: string; href?: string; fix: ReactNode }[];
}

function Group({ title, meaning, count, rows }: GroupProps) {
  if (count === 0) return null;
  return (
    <section className={css.group} aria-label={title}>
      <h3>
        {title} <span className={css.count}>{count}</span>
      </h3>
      <p className={css.meaning}>{meaning}</p>
      <ul className={css.list}>
        {rows.map(({ name, title: words, href, fix }) => (
          <li key={name} className={css.row}>
            <span className={css.name}>
              {href === undefined ? (
                <bdi>{name}</bdi>
              ) : (
                <Link href={href}>
                  <bdi>{name}</bdi>
                </Link>
              )}
              {words && words !== name && <span className={css.title}> {words}</span>}
            </span>
            {fix && <span className={css.fix}>{fix}</span>}
          </li>
        ))}
      </ul>
      {count > rows.length && <p className={css.meaning}>The first {rows.length} are shown.</p>}
    </section>
  );
}
