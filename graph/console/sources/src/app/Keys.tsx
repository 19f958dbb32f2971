import { lazy, Suspense, useEffect, useRef } from "react";
import { useLocation } from "wouter";

import { moveRow, openRow, isCovered, isTyping, pickRow, pressKeys, pressTab, rowControls } from "./controls.ts";
import { commandOf } from "./keys.ts";
import type { Command } from "./keys.ts";
import { opened } from "./opened.ts";
import { singleKeys } from "./preferences.ts";
import { ROUTES } from "./routes.ts";
import { useSignal } from "./signal.ts";

const loadPalette = () => import("./palette/Palette.tsx");
const Palette = lazy(loadPalette);
const KeyOverview = lazy(() => import("./palette/KeyOverview.tsx"));

const PREFIX_MS = 1_500;
// By then, the first page has loaded its data.
const PRELOADED_MS = 3_000;

/** Follows the keys of the console, and shows the palette and the overview of keys. */
export function Keys() {
  const [, navigate] = useLocation();
  const shown = useSignal(opened);
  const prefixedAt = useRef(-PREFIX_MS);

  // People begin to type at once, so the palette must not load only then.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), PRELOADED_MS);
    return () => clearTimeout(timer);
  }, []);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const situation = {
        isTyping: isTyping(event.target),
        // While the palette is loading, its text must not become commands.
        isCovered: isCovered() || opened.get() !== undefined,
        hasPrefix: event.timeStamp - prefixedAt.current < PREFIX_MS,
        hasSingleKeys: singleKeys.get() === "on",
      };
      prefixedAt.current = -PREFIX_MS;
      const command = commandOf(event, situation);
      if (command?.kind === "prefix") prefixedAt.current = event.timeStamp;
      if (command && give(command, navigate)) event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [navigate]);

  const close = () => opened.set(undefined);
  return (
    <Suspense>
      {shown?.kind === "palette" && <Palette row={shown.row} onClose={close} />}
      {shown?.kind === "overview" && <KeyOverview onClose={close} />}
    </Suspense>
  );
}

/** Obey a command. Return whether there was anything to do. */
function give(command: Command, navigate: (path: string) => void): boolean {
  switch (command.kind) {
    case "palette":
      opened.set({ kind: "palette" });
      return true;
    case "overview":
      opened.set({ kind: "overview" });
      return true;
    case "prefix":
      return true;
    case "page":
      if (!ROUTES.some(({ path }) => path === command.path)) return false;
      navigate(command.path);
      return true;
    case "press":
      return pressKeys(command.keys);
    case "move":
      return moveRow(command.step);
    case "pick":
      return pickRow();
    case "open":
      return openRow();
    case "row actions": {
      const row = rowControls();
      if (row) opened.set({ kind: "palette", row });
      return row !== undefined;
    }
    case "tab":
      return pressTab(command.index);
  }
}
