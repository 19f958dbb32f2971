// The named searches that this browser stores.
import { recall, remember } from "../../app/preferences.ts";
import { createSignal } from "../../app/signal.ts";

export interface View {
  name: string;
  search: string;
}

export const GIVEN: readonly View[] = [
  { name: "Stale", search: "is:stale" },
  { name: "Completed", search: "stage:completed" },
  { name: "Unseen for 30 days", search: "unseen:30" },
  { name: "Archived", search: "is:archived" },
];

const NAME = "views";

export const savedViews = createSignal<readonly View[]>(readViews(recall(NAME)));

/** Save a search under a name. An existing view with this name is replaced. */
export function saveView(view: View): void {
  store([...savedViews.get().filter(({ name }) => name !== view.name), view]);
}

export function removeView(view: View): void {
  store(savedViews.get().filter((other) => other !== view));
}

function store(views: readonly View[]): void {
  savedViews.set(views);
  remember(NAME, JSON.stringify(views));
}

/** Read stored views; anything else in the storage is ignored. */
export function readViews(text: string): View[] {
  try {
    const content: unknown = JSON.parse(text);
    return Array.isArray(content) ? content.filter(isView) : [];
  } catch {
    return [];
  }
}

function isView(item: unknown): item is View {
  const { name, search } = (item ?? {}) as Partial<View>;
  return typeof name === "string" && typeof search === "string";
}
