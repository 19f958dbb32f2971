// Merges lists whose items have an identity: additions, removals, edits and the order of both sides.
import { isEqual } from "./draft.ts";
import { each } from "./threeWay.ts";
import type { Place, Side, Three } from "./threeWay.ts";

export interface Kind<Item> {
  /** Return the identity of an item, which is unique within each list. */
  keyOf: (item: Item) => string;
  /** Return the name of an item in words. */
  nameOf: (item: Item) => string;
  /** Describe a whole item. */
  words: (item: Item) => string;
  /** Merge an item that all three lists contain. Without this function, an item is a single value. */
  merge?: (place: Place, items: Three<Item>) => Item;
  /** Whether the order of the items has a meaning. */
  isOrdered: boolean;
  /** The sides that can be chosen if one side edited an item that the other side removed. */
  options?: readonly Side[];
}

/** Merge three lists per item. */
export function mergeLists<Item>(place: Place, lists: Three<readonly Item[]>, kind: Kind<Item>): Item[] {
  const known = each(lists, (list) => new Map(list.map((item) => [kind.keyOf(item), item])));
  const keys = new Set([...known.base.keys(), ...known.theirs.keys(), ...known.mine.keys()]);
  const kept = new Map<string, Item>();
  for (const key of keys) {
    const item = mergeItem(place, each(known, (side) => side.get(key)), kind);
    if (item !== undefined) kept.set(key, item);
  }
  const names = (side: Side) => lists[side].map(kind.nameOf).join(", ");
  const order = mergedOrder(each(known, (side) => [...side.keys()]), new Set(kept.keys()), () =>
    kind.isOrdered
      ? place.below("order", "Order").ask({ base: names("base"), theirs: names("theirs"), mine: names("mine") })
      : "mine",
  );
  return order.map((key) => kept.get(key)).filter((item) => item !== undefined);
}

function mergeItem<Item>(place: Place, items: Three<Item | undefined>, kind: Kind<Item>): Item | undefined {
  const { base, theirs, mine } = items;
  const some = mine ?? theirs ?? base;
  if (some === undefined) return undefined;
  const below = place.below(kind.keyOf(some), kind.nameOf(some));
  if (base !== undefined && theirs !== undefined && mine !== undefined && kind.merge) {
    return kind.merge(below, { base, theirs, mine });
  }
  const words = (item: Item | undefined) => (item === undefined ? undefined : kind.words(item));
  return below.settle(items, words, kind.options);
}

/**
 * Return the keys of the kept items in the order that one side changed. If both sides changed the order differently,
 * call `ask`. Each other item follows the item that it follows on its own side.
 */
function mergedOrder(orders: Three<readonly string[]>, kept: ReadonlySet<string>, ask: () => Side): string[] {
  const isCommon = (key: string) => kept.has(key) && orders.theirs.includes(key) && orders.mine.includes(key);
  const common = each(orders, (order) => order.filter(isCommon));
  const old = new Set(common.base);
  const moved = each(common, (order) => order.filter((key) => old.has(key)));
  const order = common[orderingSide(moved, common, ask)];
  const anchors = [...order, ...common.mine.filter((key) => !order.includes(key))];
  const followers = [followersIn(orders.theirs, anchors, kept), followersIn(orders.mine, anchors, kept)];
  return [undefined, ...anchors].flatMap((anchor) => {
    const chains = followers.map((chain) => chain.get(anchor) ?? []).toSorted(byText);
    return [...(anchor === undefined ? [] : [anchor]), ...chains.flat()];
  });
}

function orderingSide(moved: Three<readonly string[]>, common: Three<readonly string[]>, ask: () => Side): Side {
  const haveMoved = !isEqual(moved.theirs, moved.base);
  const haveIMoved = !isEqual(moved.mine, moved.base);
  if (haveMoved && haveIMoved && !isEqual(moved.theirs, moved.mine)) return ask();
  if (haveMoved !== haveIMoved) return haveMoved ? "theirs" : "mine";
  // Both sides agree. Where both added an item at different positions, the choice must not depend on the roles.
  return byText(common.theirs, common.mine) < 0 ? "theirs" : "mine";
}

/** Return the kept items that follow each anchor and are no anchors themselves. */
function followersIn(
  order: readonly string[],
  anchors: readonly string[],
  kept: ReadonlySet<string>,
): Map<string | undefined, string[]> {
  const fixed = new Set(anchors);
  const followers = new Map<string | undefined, string[]>();
  let anchor: string | undefined;
  for (const key of order) {
    if (fixed.has(key)) anchor = key;
    else if (kept.has(key)) followers.set(anchor, [...(followers.get(anchor) ?? []), key]);
  }
  return followers;
}

function byText(one: readonly string[], other: readonly string[]): number {
  const [first, second] = [one.join("\n"), other.join("\n")];
  return first < second ? -1 : Number(first > second);
}
