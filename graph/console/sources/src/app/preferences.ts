// The user's preferences, which this browser stores. The root element has an attribute for each preference.
import { createSignal } from "./signal.ts";

export const THEMES = ["system", "light", "dark"] as const;
export const DENSITIES = ["comfortable", "compact"] as const;

/** The effect of a click on a switch of production: wait and offer Undo, or ask for confirmation. */
export const PRODUCTION_SWITCHES = ["wait", "ask"] as const;

/** Whether keys without Ctrl or ⌘ give commands. */
export const SINGLE_KEYS = ["on", "off"] as const;

/** Whether this browser has shown the tour. */
export const TOURS = ["new", "seen"] as const;

export type Theme = (typeof THEMES)[number];
export type Density = (typeof DENSITIES)[number];
export type ProductionSwitch = (typeof PRODUCTION_SWITCHES)[number];

const PREFIX = "flagstaff:console:";

export const theme = createSignal(stored("theme", THEMES));
export const density = createSignal(stored("density", DENSITIES));
export const productionSwitch = createSignal(stored("production-switch", PRODUCTION_SWITCHES));
export const singleKeys = createSignal(stored("single-keys", SINGLE_KEYS));
export const tour = createSignal(stored("tour", TOURS));

/** Apply the choices to the page, now and whenever they change. */
export function applyPreferences(): void {
  const apply = () => {
    const root = document.documentElement;
    root.dataset["theme"] = theme.get();
    root.dataset["density"] = density.get();
    remember("theme", theme.get());
    remember("density", density.get());
    remember("production-switch", productionSwitch.get());
    remember("single-keys", singleKeys.get());
  };
  theme.subscribe(apply);
  density.subscribe(apply);
  productionSwitch.subscribe(apply);
  singleKeys.subscribe(apply);
  apply();
}

/** Return the text that this browser has stored under a name, or an empty string. */
export function recall(name: string): string {
  try {
    return localStorage.getItem(PREFIX + name) ?? "";
  } catch {
    return "";
  }
}

export function remember(name: string, text: string): void {
  try {
    localStorage.setItem(PREFIX + name, text);
  } catch {
    // Without storage, the choice applies until the page is closed.
  }
}

function stored<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
  const text = recall(name);
  return choices.find((choice) => choice === text) ?? choices[0];
}
