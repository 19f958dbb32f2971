// The positions between the items of a list, for dragging.

export interface Drag {
  /** The position of the dragged item in the list. */
  from: number;
  /** Its position after dropping. */
  to: number;
}

export type Drop = "before" | "after";

/** Return the position of the item `from` if it is dropped at the height `y`. `middles` has the middles of all items. */
export function slotAt(y: number, middles: readonly number[], from: number): number {
  return middles.filter((middle, index) => index !== from && middle < y).length;
}

/** Return the side of an item at which the dragged item would land; undefined if it would land elsewhere. */
export function dropOf(index: number, { from, to }: Drag, count: number): Drop | undefined {
  if (index === from || to === from) return undefined;
  const position = index > from ? index - 1 : index;
  if (position === to) return "before";
  return to === count - 1 && position === count - 2 ? "after" : undefined;
}
