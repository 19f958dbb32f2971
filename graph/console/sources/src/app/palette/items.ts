// What the palette finds.

export interface Item {
  id: string;
  group: string;
  title: string;
  keys?: string | undefined;
  run: () => void;
}

const MAX_OF_GROUP = 8;
const VERBS: ReadonlySet<string> = new Set(["switch", "archive"]);
const STATES: ReadonlySet<string> = new Set(["on", "off"]);

/**
 * Return the items whose title has all words of a text, in the order of their groups. In a group, items come first
 * whose title begins with the text. Each group has at most eight items.
 */
export function matching(items: readonly Item[], text: string): Item[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = items.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)));
  return grouped(found).flatMap(({ items: members }) =>
    members
      .map((item, index) => ({ item, index, rank: rankOf(item.title.toLowerCase(), words) }))
      .toSorted((a, b) => a.rank - b.rank || a.index - b.index)
      .slice(0, MAX_OF_GROUP)
      .map(({ item }) => item),
  );
}

/** Return items in groups, in the order in which the groups first appear. */
export function grouped(items: readonly Item[]): { group: string; items: Item[] }[] {
  const groups = [...new Set(items.map(({ group }) => group))];
  return groups.map((group) => ({ group, items: items.filter((item) => item.group === group) }));
}

function rankOf(title: string, [first = ""]: readonly string[]): number {
  if (title.startsWith(first)) return 0;
  return title.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(first)) ? 1 : 2;
}

/**
 * Return the search for toggles in a text. A text such as `switch checkout off in production` begins with the verb of
 * an action, and only its words for the toggle are searched.
 */
export function searchOf(text: string): string {
  const [verb = "", ...words] = text.trim().split(/\s+/);
  if (!VERBS.has(verb.toLowerCase()) || words.length === 0) return text.trim();
  const place = words.findIndex((word) => word.toLowerCase() === "in");
  const object = place < 0 ? words : words.slice(0, place);
  return object.filter((word) => !STATES.has(word.toLowerCase())).join(" ");
}

/**
 * Return toggles and the actions on the first of them. If a text begins with the verb of an action, the actions come
 * first, and among them those with most words of the text.
 */
export function withActions(text: string, toggles: readonly Item[], actions: readonly Item[]): readonly Item[] {
  if (searchOf(text) === text.trim()) return [...toggles, ...actions];
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = ({ title }: Item) => words.filter((word) => title.toLowerCase().split(/[\s…]+/).includes(word)).length;
  return [...actions.toSorted((a, b) => matches(b) - matches(a)), ...toggles];
}

/** Return the names of keys as people read them, such as `Ctrl Enter`. */
export function keyWords(keys: string): string {
  return keys.replace("Control+", "Ctrl ").replace("Escape", "Esc");
}
