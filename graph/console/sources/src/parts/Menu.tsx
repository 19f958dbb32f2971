import { useId, useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { ChevronDown } from "lucide-react";

import css from "./Menu.module.css";

export interface MenuItem {
  key: string;
  content: ReactNode;
  onChoose: () => void;
}

interface Props {
  title: string;
  small?: boolean;
  items: readonly MenuItem[];
}

const GAP = 6;

/** A button that opens a list of actions. Arrow keys select an action. Escape closes the list. */
export function Menu({ title, small = false, items }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  function open(isOpen: boolean) {
    if (!isOpen || !button.current || !list.current) return;
    place(list.current, button.current.getBoundingClientRect());
    list.current.querySelector("button")?.focus();
  }

  function move(event: KeyboardEvent) {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    buttons.at(next % buttons.length)?.focus();
  }

  return (
    <>
      <button ref={button} type="button" className={css.button} data-small={small} popoverTarget={id} aria-haspopup="menu">
        {title}
        <ChevronDown size={14} aria-hidden="true" />
      </button>
      <div
        ref={list}
        id={id}
        className={css.list}
        popover="auto"
        role="menu"
        aria-label={title}
        onToggle={(event) => open(event.newState === "open")}
        onKeyDown={move}
      >
        {items.map(({ key, content, onChoose }) => (
          <button
            key={key}
            type="button"
            role="menuitem"
            className={css.item}
            onClick={() => {
              list.current?.hidePopover();
              onChoose();
            }}
          >
            {content}
          </button>
        ))}
      </div>
    </>
  );
}

// The list opens on the side of the button that has more room, and ends with the button if it would leave the window.
function place(list: HTMLElement, button: DOMRect) {
  const isBelow = button.top + button.bottom < window.innerHeight;
  const room = isBelow ? window.innerHeight - button.bottom : button.top;
  list.style.maxHeight = `${room - 2 * GAP}px`;
  const { width, height } = list.getBoundingClientRect();
  const left = button.left + width + GAP <= window.innerWidth ? button.left : button.right - width;
  list.style.left = `${Math.max(GAP, left)}px`;
  list.style.top = `${isBelow ? button.bottom + GAP : button.top - height - GAP}px`;
}
