import { expect, test } from "vitest";

import { commandOf, PAGE_KEYS } from "./keys.ts";
import type { Situation } from "./keys.ts";

const FREE: Situation = { isTyping: false, isCovered: false, hasPrefix: false, hasSingleKeys: true };

function stroke(key: string, modifiers: { ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean } = {}) {
  return { key, ctrlKey: false, metaKey: false, altKey: false, ...modifiers };
}

test.each(["?", "/", ".", "Enter", "Escape", "c", "e", "g", "j", "k", "n", "u", "x", "1", "9"])(
  "the key %s gives a command only while no field has the focus and nothing covers the page",
  (key) => {
    expect(commandOf(stroke(key), FREE)).toBeDefined();
    expect(commandOf(stroke(key), { ...FREE, isTyping: true })).toBeUndefined();
    expect(commandOf(stroke(key), { ...FREE, isCovered: true })).toBeUndefined();
    expect(commandOf(stroke(key, { ctrlKey: true }), FREE)).not.toEqual(commandOf(stroke(key), FREE));
  },
);

test("single keys can be switched off, and the others still work", () => {
  const without = { ...FREE, hasSingleKeys: false };

  expect(commandOf(stroke("j"), without)).toBeUndefined();
  expect(commandOf(stroke("?"), without)).toBeUndefined();
  expect(commandOf(stroke("Escape"), without)).toEqual({ kind: "press", keys: "Escape" });
  expect(commandOf(stroke("k", { metaKey: true }), without)).toEqual({ kind: "palette" });
});

test("a page has its key after the prefix only", () => {
  const after = { ...FREE, hasPrefix: true };

  for (const [key, path] of Object.entries(PAGE_KEYS)) expect(commandOf(stroke(key), after)).toEqual({ kind: "page", path });
  expect(commandOf(stroke("x"), after)).toBeUndefined();
  expect(commandOf(stroke("t"), FREE)).toBeUndefined();
});

test("a dialog is applied while one of its fields has the focus", () => {
  const situation = { ...FREE, isTyping: true, isCovered: true };

  expect(commandOf(stroke("Enter", { ctrlKey: true }), situation)).toEqual({ kind: "press", keys: "Control+Enter" });
  expect(commandOf(stroke("k", { ctrlKey: true }), situation)).toBeUndefined();
});

test("names of fields of all objects are no keys", () => {
  expect(commandOf(stroke("constructor"), FREE)).toBeUndefined();
});
