import { useState } from "react";
import { Pencil, Trash2 } from "lucide-react";

import css from "./StrategyList.module.css";
import { AddStrategy } from "./AddStrategy.tsx";
import { RolloutOffer } from "./RolloutOffer.tsx";
import { StrategyCard } from "./StrategyCard.tsx";
import { strategyTitle } from "../../edits/definitions.ts";
import type { Definitions } from "../../edits/definitions.ts";
import { isEqual, isNew, newId } from "../../edits/draft.ts";
import type { EnvironmentDraft, StrategyDraft } from "../../edits/draft.ts";
import { StrategyEditor } from "../../edits/editors/StrategyEditor.tsx";
import { matchesEverybody } from "../../edits/phrases.ts";
import { StrategyTitle } from "../../edits/StrategyTitle.tsx";
import { Button } from "../../parts/Button.tsx";
import { DragHandle } from "../../parts/DragHandle.tsx";
import { focusFirstField, useKeptFocus } from "../../parts/focus.ts";
import { IconButton } from "../../parts/IconButton.tsx";
import { useRemoval } from "../../parts/removal.ts";
import { useReordering } from "../../parts/reordering.ts";

interface Props {
  toggle: string;
  /** The configuration without and with the unsaved edits. */
  base: EnvironmentDraft;
  draft: EnvironmentDraft;
  /** The sentences of the server about strategies, by ID. */
  summaries: ReadonlyMap<string, string>;
  segmentNames: ReadonlyMap<string, string>;
  definitions: Definitions;
  isEditable: boolean;
  onChange: (strategies: readonly StrategyDraft[]) => void;
}

/** The strategies of an environment in evaluation order. Each strategy can be edited in its place, and moved. */
export function StrategyList(props: Props) {
  const { toggle, base, draft, summaries, segmentNames, definitions, isEditable, onChange } = props;
  const { strategies } = draft;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  // The strategy whose editor has opened last.
  const [opened, setOpened] = useState<string>();
  const { addButton, remove } = useRemoval(strategies, onChange);
  const [announcement, setAnnouncement] = useState("");
  const reordering = useReordering(strategies.length, move);
  // A new strategy that is saved gets the ID of the server, and its editor closes.
  useKeptFocus(reordering.list, addButton);
  const unlimited = strategies.length > 1 ? strategies.find(matchesEverybody) : undefined;
  const removed = base.strategies.filter(({ id }) => !strategies.some((strategy) => strategy.id === id));

  function show(id: string, isOpen: boolean) {
    const next = new Set(open);
    if (isOpen) next.add(id);
    else next.delete(id);
    setOpen(next);
    setOpened(isOpen ? id : undefined);
  }

  /** Insert a new strategy in the place of some others. */
  function insert(index: number, strategy: Omit<StrategyDraft, "id">, replaced = 0) {
    const id = newId([...base.strategies, ...strategies]);
    onChange(strategies.toSpliced(index, replaced, { ...strategy, id }));
    show(id, true);
  }

  // The focus returns to the button that opened the editor.
  function close(id: string, button: HTMLElement) {
    button.closest("section")?.querySelector<HTMLElement>("[aria-expanded]")?.focus();
    show(id, false);
  }

  function move(from: number, to: number) {
    const strategy = strategies[from];
    if (!strategy) return;
    onChange(strategies.toSpliced(from, 1).toSpliced(to, 0, strategy));
    const label = strategyTitle(strategy, definitions.titles);
    setAnnouncement(`${label} is now strategy ${to + 1} of ${strategies.length}.`);
  }

  return (
    <>
      <h2 className="hidden">Strategies</h2>
      <p className="hidden" role="status">
        {announcement}
      </p>
      {strategies.length > 0 && (
        <ol ref={reordering.list} className={css.strategies} aria-label="Strategies">
          {strategies.map((strategy, index) => {
            const { id } = strategy;
            const label = strategyTitle(strategy, definitions.titles);
            const isOpen = open.has(id);
            return (
              <StrategyCard
                key={id}
                strategy={strategy}
                title={label}
                summary={summaries.get(id)}
                segmentNames={segmentNames}
                state={stateOf(strategy, base)}
                isFollowing={index > 0}
                isDragged={reordering.isDragged(index)}
                drop={reordering.dropOf(index)}
                handle={
                  isEditable &&
                  strategies.length > 1 && <DragHandle item={label} {...reordering.handleOf(index)} />
                }
                actions={
                  isEditable && (
                    <>
                      <IconButton
                        label={`Edit ${label}`}
                        icon={Pencil}
                        expanded={isOpen}
                        onClick={() => show(id, !isOpen)}
                      />
                      <IconButton
                        label={`Remove ${label}`}
                        icon={Trash2}
                        onClick={() => remove(index)}
                      />
                    </>
                  )
                }
              >
                {isEditable && isOpen && (
                  <div ref={id === opened ? focusFirstField : undefined} className={css.editor}>
                    <RolloutOffer
                      toggle={toggle}
                      strategy={strategy}
                      definitions={definitions}
                      onAccept={(rollout) => insert(index, rollout, 1)}
                    />
                    <StrategyEditor
                      strategy={strategy}
                      definitions={definitions}
                      segmentNames={segmentNames}
                      onChange={(next) => onChange(strategies.with(index, next))}
                    />
                    <div className={css.buttons}>
                      <Button small disabled={index === 0} onClick={() => move(index, index - 1)}>
                        Move up
                      </Button>
                      <Button small disabled={index === strategies.length - 1} onClick={() => move(index, index + 1)}>
                        Move down
                      </Button>
                      <Button small onClick={() => insert(index + 1, strategy)}>
                        Duplicate
                      </Button>
                      <Button small onClick={(event) => close(id, event.currentTarget)}>
                        Close
                      </Button>
                    </div>
                  </div>
                )}
              </StrategyCard>
            );
          })}
        </ol>
      )}
      {unlimited && (
        <p className={css.note} role="status">
          <bdi>{strategyTitle(unlimited, definitions.titles)}</bdi> matches everybody. The other strategies do not limit who
          gets the toggle.
        </p>
      )}
      {removed.map((strategy) => (
        <p key={strategy.id} className={css.removed}>
          <span>
            <del>
              <StrategyTitle strategy={strategy} titles={definitions.titles} />
            </del>{" "}
            is removed when you apply your edits.
          </span>
          <Button
            small
            onClick={() => onChange(strategies.toSpliced(base.strategies.indexOf(strategy), 0, strategy))}
          >
            Restore
          </Button>
        </p>
      ))}
      {isEditable && (
        <AddStrategy
          toggle={toggle}
          definitions={definitions}
          ref={addButton}
          onAdd={(strategy) => insert(strategies.length, strategy)}
        />
      )}
    </>
  );
}

function stateOf(strategy: StrategyDraft, base: EnvironmentDraft): "saved" | "edited" | "new" {
  if (isNew(strategy)) return "new";
  const index = base.strategies.findIndex(({ id }) => id === strategy.id);
  return index >= 0 && isEqual(base.strategies[index], strategy) ? "saved" : "edited";
}
