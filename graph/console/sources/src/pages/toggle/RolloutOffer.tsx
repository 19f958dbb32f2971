import css from "./StrategyList.module.css";
import type { Definitions } from "../../edits/definitions.ts";
import type { StrategyDraft } from "../../edits/draft.ts";
import { rolloutInsteadOf } from "../../edits/newStrategy.ts";
import { Button } from "../../parts/Button.tsx";

interface Props {
  toggle: string;
  strategy: StrategyDraft;
  definitions: Definitions;
  /** Called with a gradual rollout that takes the place of the strategy. */
  onAccept: (rollout: Omit<StrategyDraft, "id">) => void;
}

/** Says that the standard strategy has no percentage, and offers a strategy that has one; otherwise nothing. */
export function RolloutOffer({ toggle, strategy, definitions, onAccept }: Props) {
  const rollout = rolloutInsteadOf(strategy, definitions, toggle);
  if (!rollout) return null;
  return (
    <div className={css.offer}>
      <p>This strategy has no percentage. A gradual rollout limits it to a share of the users.</p>
      <Button small onClick={() => onAccept(rollout)}>
        Change to a gradual rollout
      </Button>
    </div>
  );
}
