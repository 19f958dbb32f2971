import type { Control } from "./controls.ts";
import { createSignal } from "./signal.ts";

/** What the keys have opened: the palette, perhaps with the actions of a row only, or the overview of keys. */
export type Opened = { kind: "palette"; row?: readonly Control[] } | { kind: "overview" };

export const opened = createSignal<Opened | undefined>(undefined);
