import { useId, useState } from "react";
import type { Ref } from "react";
import { Plus } from "lucide-react";

import css from "./AddStrategy.module.css";
import { strategyMeaning } from "../../edits/definitions.ts";
import type { Definitions } from "../../edits/definitions.ts";
import type { StrategyDraft } from "../../edits/draft.ts";
import { newStrategy } from "../../edits/newStrategy.ts";
import { inOrderOfUse } from "../../edits/strategyOrder.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Prose } from "../../parts/Prose.tsx";

interface Props {
  toggle: string;
  definitions: Definitions;
  /** The button. */
  ref: Ref<HTMLButtonElement>;
  onAdd: (strategy: Omit<StrategyDraft, "id">) => void;
}

/** A button that shows the defined strategies. A chosen strategy is added as an unsaved edit. */
export function AddStrategy({ toggle, definitions, ref, onAdd }: Props) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={css.add} data-open={isOpen}>
      <button
        ref={ref}
        type="button"
        className={css.button}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <Plus size={15} aria-hidden="true" />
        Add a strategy
      </button>
      {isOpen && (
        <ul id={id} className={css.list}>
          {inOrderOfUse(definitions.strategies).map((strategy) => (
            <li key={strategy.id}>
              <button
                type="button"
                className={css.choice}
                onClick={() => {
                  setOpen(false);
                  onAdd(newStrategy(strategy, toggle));
                }}
              >
                <span className={css.title}>
                  <strong>{strategy.title || strategy.name}</strong>
                  {strategy.deprecated && <Badge tone="plain">deprecated</Badge>}
                </span>
                <span className={css.description}>
                  <Prose text={strategyMeaning(strategy)} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
