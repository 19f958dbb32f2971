import { useRef } from "react";
import type { RefObject } from "react";

interface Removal {
  /** The ref of the button that adds an item. */
  addButton: RefObject<HTMLButtonElement | null>;
  remove: (index: number) => void;
}

/** Remove items of a list. The focus, which would be lost with the item, moves to the button that adds one. */
export function useRemoval<Item>(items: readonly Item[], onChange: (items: readonly Item[]) => void): Removal {
  const addButton = useRef<HTMLButtonElement>(null);
  return {
    addButton,
    remove: (index) => {
      addButton.current?.focus();
      onChange(items.toSpliced(index, 1));
    },
  };
}
