import { useId } from "react";
import type { ReactNode } from "react";

import css from "./StrategyCard.module.css";
import { Conditions } from "./Conditions.tsx";
import type { StrategyDraft } from "../../edits/draft.ts";
import { StrategyMark } from "../../edits/StrategyMark.tsx";
import { Badge } from "../../parts/Badge.tsx";
import type { Drop } from "../../parts/slots.ts";

interface Props {
  strategy: StrategyDraft;
  /** The title of the strategy or of its definition. */
  title: string;
  /** The users that the strategy matches, in a sentence of the server. Undefined until the server answers. */
  summary: string | undefined;
  /** The names of segments by ID. */
  segmentNames: ReadonlyMap<string, string>;
  state: "saved" | "edited" | "new";
  /** Whether the strategy follows another strategy. */
  isFollowing: boolean;
  isDragged: boolean;
  /** The side at which a dragged strategy would land. */
  drop: Drop | undefined;
  /** The handle by which the strategy is moved. */
  handle?: ReactNode;
  actions?: ReactNode;
  /** The editor, which replaces the conditions. */
  children?: ReactNode;
}

/** A strategy of a toggle, with the users that it matches in plain English. */
export function StrategyCard(props: Props) {
  const { strategy, title, summary, segmentNames, state, isFollowing, isDragged, drop, handle, actions, children } = props;
  const { name, disabled } = strategy;
  const id = useId();
  return (
    <li className={css.item} data-dragged={isDragged} data-drop={drop}>
      {isFollowing && <span className={css.or}>or</span>}
      <section
        className={css.card}
        aria-labelledby={id}
        data-state={state}
        data-disabled={disabled}
        data-movable={Boolean(handle)}
      >
        <div className={css.head}>
          {handle}
          <span className={css.mark}>
            <StrategyMark strategy={strategy} />
          </span>
          <div className={css.words}>
            <div className={css.titles}>
              <h3 id={id} className={css.title}>
                <bdi>{title}</bdi>
              </h3>
              {title !== name && <span className={css.name}>{name}</span>}
              {disabled && <Badge tone="plain">disabled</Badge>}
              {state !== "saved" && <Badge tone="warn">{state}</Badge>}
            </div>
            <p className={css.summary}>
              <bdi>{summary ?? "Not saved yet."}</bdi>
            </p>
          </div>
          {actions && <div className={css.actions}>{actions}</div>}
        </div>
        {children || <Conditions strategy={strategy} segmentNames={segmentNames} />}
      </section>
    </li>
  );
}
