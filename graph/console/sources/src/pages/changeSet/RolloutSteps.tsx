import { Link } from "wouter";

import css from "./RolloutSteps.module.css";
import { toggleAddress } from "../../app/toggleAddress.ts";
import type { ChangeSetPartsFragment } from "../../gql/changeSet.ts";
import { badgeOf } from "../../edits/changeSetState.ts";
import { useStrategyTitles } from "../../edits/definitions.ts";
import { spanWords } from "../../edits/rollout.ts";
import { StrategyTitle } from "../../edits/StrategyTitle.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { displayTime } from "../../parts/localTime.ts";

type Rollout = NonNullable<ChangeSetPartsFragment["rollout"]>;
type Step = Rollout["steps"][number];

/** The steps of a rollout with their percentages, times and states. */
export function RolloutSteps({ rollout }: { rollout: Rollout }) {
  const { toggle, environment, strategy, steps } = rollout;
  const titles = useStrategyTitles();
  return (
    <section className={css.card} aria-label="Rollout">
      <h2 className={css.title}>
        Rollout of{" "}
        {toggle ? <Link href={toggleAddress(toggle.name)}>{toggle.name}</Link> : "a deleted toggle"}
        {environment && <EnvironmentName name={environment.name} type={environment.type} />}
      </h2>
      {strategy && (
        <p className={css.note}>
          Strategy <StrategyTitle strategy={strategy} titles={titles} />
        </p>
      )}
      <ol className={css.steps}>
        {steps.map((step, index) => {
          const badge = badgeOf({ state: step.state, appliedAt: step.appliedAt, revertedBy: null });
          return (
            <li key={index} className={css.step} data-state={step.state}>
              <strong className={css.percent}>{step.rollout} %</strong>
              <span className={css.time}>{timeWords(step)}</span>
              <Badge tone={badge.tone}>{badge.words}</Badge>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function timeWords({ at, after, appliedAt }: Step): string {
  if (appliedAt) return displayTime(appliedAt);
  if (at) return displayTime(at);
  return after === null ? "" : `${spanWords(after)} after the previous step`;
}
