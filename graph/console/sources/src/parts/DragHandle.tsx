import { GripVertical } from "lucide-react";

import css from "./DragHandle.module.css";
import type { HandleProps } from "./reordering.ts";

interface Props extends HandleProps {
  /** The name of the item. */
  item: string;
}

/** A button by which an item of a list is dragged, or moved by the arrow keys. */
export function DragHandle({ item, ...handlers }: Props) {
  return (
    <button
      type="button"
      className={css.handle}
      aria-label={`Move ${item}`}
      title="Drag to another place, or press an arrow key."
      {...handlers}
    >
      <GripVertical size={16} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}
