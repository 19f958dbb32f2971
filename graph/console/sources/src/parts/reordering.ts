import { useRef, useState } from "react";
import type { KeyboardEvent, PointerEvent, RefObject } from "react";

import { dropOf, slotAt } from "./slots.ts";
import type { Drag, Drop } from "./slots.ts";

export interface Reordering {
  /** The element whose children are the items. */
  list: RefObject<HTMLOListElement | null>;
  /** The properties of the handle of an item. The handle moves its item by dragging and by the arrow keys. */
  handleOf: (index: number) => HandleProps;
  isDragged: (index: number) => boolean;
  /** The side of an item at which the dragged item would land. */
  dropOf: (index: number) => Drop | undefined;
}

export interface HandleProps {
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  onPointerUp: () => void;
  onPointerCancel: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

// Near the edges of the window, dragging scrolls the page.
const EDGE_PX = 48;
const SCROLL_PX = 16;

/** Let people change the order of `count` items. `onMove` gets the positions before and after the move. */
export function useReordering(count: number, onMove: (from: number, to: number) => void): Reordering {
  const list = useRef<HTMLOListElement>(null);
  const [drag, setDrag] = useState<Drag>();

  function follow(y: number) {
    if (!drag) return;
    if (y < EDGE_PX) window.scrollBy(0, -SCROLL_PX);
    if (y > window.innerHeight - EDGE_PX) window.scrollBy(0, SCROLL_PX);
    const middles = [...(list.current?.children ?? [])].map((item) => {
      const { top, bottom } = item.getBoundingClientRect();
      return (top + bottom) / 2;
    });
    setDrag({ from: drag.from, to: slotAt(y, middles, drag.from) });
  }

  function drop() {
    if (drag && drag.to !== drag.from) onMove(drag.from, drag.to);
    setDrag(undefined);
  }

  function press(event: KeyboardEvent<HTMLElement>, index: number) {
    if (event.key === "Escape" && drag) {
      event.stopPropagation();
      setDrag(undefined);
      return;
    }
    const to = index + (event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0);
    if (to === index) return;
    event.preventDefault();
    if (to >= 0 && to < count) onMove(index, to);
  }

  return {
    list,
    handleOf: (index) => ({
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: index, to: index });
      },
      onPointerMove: (event) => follow(event.clientY),
      onPointerUp: drop,
      onPointerCancel: () => setDrag(undefined),
      onKeyDown: (event) => press(event, index),
    }),
    isDragged: (index) => drag?.from === index,
    dropOf: (index) => drag && dropOf(index, drag, count),
  };
}
