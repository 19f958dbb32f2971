import css from "./EnvironmentPanel.module.css";
import { StrategyList } from "./StrategyList.tsx";
import { SwitchCard } from "./SwitchCard.tsx";
import type { Toggle } from "./toggle.ts";
import { VariantsCard } from "./VariantsCard.tsx";
import type { Definitions } from "../../edits/definitions.ts";
import { isEqual } from "../../edits/draft.ts";
import type { EnvironmentDraft } from "../../edits/draft.ts";
import { CheckField } from "../../parts/CheckField.tsx";

interface Props {
  toggle: Toggle;
  configuration: Toggle["environments"][number];
  /** The configuration without and with the unsaved edits. */
  base: EnvironmentDraft;
  draft: EnvironmentDraft;
  /** The sentences of the server about strategies, by ID. */
  summaries: ReadonlyMap<string, string>;
  definitions: Definitions;
  isEditable: boolean;
  onChange: (change: (draft: EnvironmentDraft) => EnvironmentDraft) => void;
}

/** The configuration of a toggle in one environment. */
export function EnvironmentPanel(props: Props) {
  const { toggle, configuration, base, draft, summaries, definitions, isEditable, onChange } = props;
  const segments = [
    ...definitions.segments,
    ...configuration.strategies.flatMap((strategy) => strategy.segments),
  ];
  const isEdited = !isEqual(base, draft);
  return (
    <div className={css.panel}>
      <SwitchCard toggle={toggle.name} configuration={configuration} disabled={!isEditable} isArchived={toggle.archived} />
      {isEditable && isEdited && !base.enabled && (
        <div className={css.note}>
          <CheckField
            label={`Also switch on in ${draft.environment}, together with the edits`}
            checked={draft.enabled}
            onChange={(enabled) => onChange((before) => ({ ...before, enabled }))}
          />
        </div>
      )}
      <StrategyList
        toggle={toggle.name}
        base={base}
        draft={draft}
        summaries={summaries}
        segmentNames={new Map(segments.map(({ id, name }) => [id, name]))}
        definitions={definitions}
        isEditable={isEditable}
        onChange={(strategies) => onChange((before) => ({ ...before, strategies }))}
      />
      <VariantsCard
        variants={draft.variants}
        definitions={definitions}
        isEdited={!isEqual(base.variants, draft.variants)}
        isEditable={isEditable}
        onChange={(variants) => onChange((before) => ({ ...before, variants }))}
      />
    </div>
  );
}
