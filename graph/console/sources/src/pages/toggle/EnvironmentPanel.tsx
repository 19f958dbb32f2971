import css from "./EnvironmentPanel.module.css";
import { StrategyCard } from "./StrategyCard.tsx";
import { SwitchCard } from "./SwitchCard.tsx";
import type { Toggle } from "./toggle.ts";
import { VariantBar } from "./VariantBar.tsx";
import type { EnvironmentDraft } from "../../edits/draft.ts";
import { Card } from "../../parts/Card.tsx";

interface Props {
  toggle: Toggle;
  configuration: Toggle["environments"][number];
  draft: EnvironmentDraft;
  isEditable: boolean;
}

/** The configuration of a toggle in one environment. */
export function EnvironmentPanel({ toggle, configuration, draft, isEditable }: Props) {
  const summaries = new Map(configuration.strategies.map(({ id, summary }) => [id, summary]));
  const segmentNames = new Map(
    configuration.strategies.flatMap(({ segments }) => segments.map(({ id, name }) => [id, name] as const)),
  );
  return (
    <div className={css.panel}>
      <SwitchCard toggle={toggle.name} configuration={configuration} disabled={!isEditable} />
      <h2 className="hidden">Strategies</h2>
      <ol className={css.strategies} aria-label="Strategies">
        {draft.strategies.map((strategy, index) => (
          <StrategyCard
            key={strategy.id}
            strategy={strategy}
            summary={summaries.get(strategy.id)}
            segmentNames={segmentNames}
            state="saved"
            isFollowing={index > 0}
          />
        ))}
      </ol>
      {draft.variants.length > 0 && (
        <Card title="Variants">
          <VariantBar variants={draft.variants} />
        </Card>
      )}
    </div>
  );
}
