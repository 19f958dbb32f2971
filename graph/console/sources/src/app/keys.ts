// The keys that work on all pages, and the commands that they give.

export type Command =
  | { kind: "palette" }
  | { kind: "overview" }
  /** The next key names a page. */
  | { kind: "prefix" }
  | { kind: "page"; path: string }
  /** Press the button, or focus the field, whose `aria-keyshortcuts` has these keys. */
  | { kind: "press"; keys: string }
  | { kind: "move"; step: 1 | -1 }
  | { kind: "pick" }
  | { kind: "open" }
  | { kind: "row actions" }
  | { kind: "tab"; index: number };

/** What matters of a keyboard event. */
export interface Stroke {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

export interface Situation {
  /** Whether a field has the focus. */
  isTyping: boolean;
  /** Whether a dialog or a menu is open. */
  isCovered: boolean;
  /** Whether the key before was the prefix. */
  hasPrefix: boolean;
  /** Whether keys without Ctrl or ⌘ give commands. */
  hasSingleKeys: boolean;
}

/** The pages by the key after `g`. */
export const PAGE_KEYS: Readonly<Record<string, string>> = {
  t: "/toggles",
  c: "/clean-up",
  p: "/playground",
  a: "/activity",
  h: "/change-sets",
  e: "/environments",
  s: "/segments",
};

const COMMANDS: Readonly<Record<string, Command>> = {
  "?": { kind: "overview" },
  "/": { kind: "press", keys: "/" },
  ".": { kind: "row actions" },
  Enter: { kind: "open" },
  Escape: { kind: "press", keys: "Escape" },
  c: { kind: "press", keys: "c" },
  e: { kind: "press", keys: "e" },
  g: { kind: "prefix" },
  j: { kind: "move", step: 1 },
  k: { kind: "move", step: -1 },
  n: { kind: "press", keys: "n" },
  u: { kind: "press", keys: "u" },
  x: { kind: "pick" },
};

/** Return the command of a key, or undefined if the key is for the page itself. */
export function commandOf({ key, ctrlKey, metaKey, altKey }: Stroke, situation: Situation): Command | undefined {
  const { isTyping, isCovered, hasPrefix, hasSingleKeys } = situation;
  if (altKey) return undefined;
  if (ctrlKey || metaKey) {
    if (key === "Enter") return { kind: "press", keys: "Control+Enter" };
    return key.toLowerCase() === "k" && !isCovered ? { kind: "palette" } : undefined;
  }
  if (isTyping || isCovered) return undefined;
  // Escape is no character, so nobody types it by speech or by accident.
  if (!hasSingleKeys && key !== "Escape") return undefined;
  if (hasPrefix) {
    const path = PAGE_KEYS[key];
    return path === undefined ? undefined : { kind: "page", path };
  }
  if (/^[1-9]$/.test(key)) return { kind: "tab", index: Number(key) - 1 };
  return Object.hasOwn(COMMANDS, key) ? COMMANDS[key] : undefined;
}

/** The keys as the overview explains them. */
export const KEY_GROUPS: readonly { title: string; keys: readonly { keys: readonly string[]; words: string }[] }[] = [
  {
    title: "Everywhere",
    keys: [
      { keys: ["Ctrl K", "⌘ K"], words: "Find a toggle or a page, or do something" },
      { keys: ["/"], words: "Search" },
      { keys: ["?"], words: "Show this overview" },
      { keys: ["Esc"], words: "Close what is on top, then clear the selection" },
    ],
  },
  {
    title: "Pages",
    keys: [
      { keys: ["g t"], words: "Toggles" },
      { keys: ["g c"], words: "Clean-up" },
      { keys: ["g p"], words: "Playground" },
      { keys: ["g a"], words: "Activity" },
      { keys: ["g h"], words: "Change sets" },
      { keys: ["g e"], words: "Environments" },
      { keys: ["g s"], words: "Segments" },
    ],
  },
  {
    title: "Lists",
    keys: [
      { keys: ["j", "k"], words: "Next and previous row" },
      { keys: ["Enter"], words: "Open the row" },
      { keys: ["x"], words: "Select the row" },
      { keys: ["."], words: "Actions of the row" },
      { keys: ["n"], words: "Create an object" },
    ],
  },
  {
    title: "An object",
    keys: [
      { keys: ["e"], words: "Edit the details" },
      { keys: ["1 … 9"], words: "Environment" },
      { keys: ["c"], words: "Copy the name" },
      { keys: ["Ctrl S", "⌘ S"], words: "Review the edits" },
      { keys: ["Ctrl Enter", "⌘ Enter"], words: "Apply what a dialog shows" },
      { keys: ["u"], words: "Undo the last change" },
    ],
  },
];
