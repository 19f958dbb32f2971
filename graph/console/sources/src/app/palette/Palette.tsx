import { useEffect, useId, useRef, useState } from "react";
import type { KeyboardEvent } from "react";

import css from "./Palette.module.css";
import { grouped, keyWords, matching } from "./items.ts";
import type { Item } from "./items.ts";
import { useCommands, useToggleItems } from "./useItems.ts";
import type { Control } from "../controls.ts";
import { returnFocus } from "../../parts/focus.ts";

interface Props {
  /** The actions of a row, if the palette is only for them. */
  row?: readonly Control[] | undefined;
  onClose: () => void;
}

/** A field that finds toggles, pages and actions, and a list of what it found. */
export default function Palette({ row, onClose }: Props) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const commands = useCommands(row);
  const toggles = useToggleItems(row ? "" : text);
  // The server also finds toggles by descriptions and tags, so their titles need not match.
  const items = [...matching(commands, text), ...toggles];
  const active = items[Math.min(at, items.length - 1)];

  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      returnFocus(before);
    };
  }, []);
  useEffect(() => {
    if (active) document.getElementById(`${id}-${active.id}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);

  function choose(item: Item) {
    onClose();
    // By then the palette has returned the focus.
    setTimeout(item.run, 0);
  }

  function onKeyDown(event: KeyboardEvent) {
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(next, items.length - 1)));
    } else if (event.key === "Enter" && active && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose(active);
    }
  }

  return (
    <dialog
      ref={dialog}
      className={css.dialog}
      aria-label="Find or do"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <input
        className={css.field}
        type="text"
        role="combobox"
        aria-label="Find a toggle or a page, or do something"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={active && `${id}-${active.id}`}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        placeholder={row ? "What to do with this row" : "Find a toggle or a page, or do something"}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} className={css.list} role="listbox" aria-label="Found">
        {grouped(items).map(({ group, items: members }) => (
          <div key={group} role="group" aria-label={group}>
            <p className={css.group} aria-hidden="true">
              {group}
            </p>
            {members.map((item) => (
              <div
                key={item.id}
                id={`${id}-${item.id}`}
                className={css.item}
                role="option"
                aria-selected={item === active}
                onPointerMove={() => setAt(items.indexOf(item))}
                onClick={() => choose(item)}
              >
                <bdi className="cut" title={item.title}>
                  {item.title}
                </bdi>
                {item.keys !== undefined && <kbd className={css.keys}>{keyWords(item.keys)}</kbd>}
              </div>
            ))}
          </div>
        ))}
      </div>
      <p className={css.foot} role="status">
        {items.length === 0 ? "Nothing is found." : `${items.length} found. Enter chooses, Esc closes.`}
      </p>
    </dialog>
  );
}
