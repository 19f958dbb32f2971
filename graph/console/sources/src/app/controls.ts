// The buttons, links and rows of the page, which keys and the palette use in place of the pointer.
const CONTENT = "#content";
const ROW = "[data-row], tbody > tr";
const FIELD = "input:not([type=checkbox], [type=radio]), select, textarea";
const COVER = "dialog[open], [popover]:popover-open";

export interface Control {
  /** What the control says or is labelled with. */
  title: string;
  keys: string | undefined;
  press: () => void;
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(FIELD) !== null;
}

/** Whether a dialog or a menu covers the page. */
export function isCovered(): boolean {
  return document.querySelector(COVER) !== null;
}

/** Press the last control with a key, or focus it if it is a field. In a dialog, only its controls count. */
export function pressKeys(keys: string): boolean {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  const found = [...(dialog ?? document).querySelectorAll<HTMLElement>(`[aria-keyshortcuts="${keys}"]`)].at(-1);
  const control = found ?? (keys === "n" ? document.querySelector<HTMLElement>(`${CONTENT} a[href$="/new"]`) : null);
  if (!control) return false;
  if (control.matches(FIELD)) control.focus();
  else control.click();
  return true;
}

/** Press the tab at an index. */
export function pressTab(index: number): boolean {
  const tab = document.querySelectorAll<HTMLElement>(`${CONTENT} [role=tab]`)[index];
  tab?.click();
  return tab !== undefined;
}

/** Move the focus to the next or the previous row of the list; without a focused row, to the first. */
export function moveRow(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>(CONTENT)].flatMap((content) => [
    ...content.querySelectorAll<HTMLElement>(ROW),
  ]);
  const current = focusedRow();
  const at = current ? rows.indexOf(current) + step : 0;
  const target = rows[at] && mainControl(rows[at]);
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
  return target !== undefined;
}

/** Select the focused row, or take it out of the selection. */
export function pickRow(): boolean {
  const box = focusedRow()?.querySelector<HTMLInputElement>("input[type=checkbox]:not([role=switch])");
  box?.click();
  return box != null;
}

/** Open the focused row, unless the focused control acts itself. */
export function openRow(): boolean {
  if (document.activeElement?.matches("a, button, summary")) return false;
  const row = focusedRow();
  const control = row && mainControl(row);
  control?.click();
  return control !== undefined;
}

function focusedRow(): HTMLElement | undefined {
  return document.activeElement?.closest<HTMLElement>(`${CONTENT} :is(${ROW})`) ?? undefined;
}

function mainControl(row: HTMLElement): HTMLElement | undefined {
  for (const selector of ["a[href]", "button", "input"]) {
    const found = row.querySelector<HTMLElement>(selector);
    if (found) return found;
  }
  return undefined;
}

/** Return the actions of the focused row, or undefined if no row has the focus. */
export function rowControls(): Control[] | undefined {
  const row = focusedRow();
  return row && controlsIn(row, "a[href], button, input[type=checkbox]");
}

/** Return the buttons of the page, and the links that look like buttons. */
export function pageControls(): Control[] {
  const content = document.querySelector<HTMLElement>(CONTENT);
  return content ? controlsIn(content, "button, a[data-kind]") : [];
}

function controlsIn(root: HTMLElement, selector: string): Control[] {
  const controls = [...root.querySelectorAll<HTMLElement>(selector)]
    .filter((element) => element.checkVisibility() && !element.matches(":disabled, [role=tab]"))
    .map((element): Control => ({
      title: titleOf(element),
      keys: element.getAttribute("aria-keyshortcuts") ?? undefined,
      // The palette returns the focus before, so that a dialog returns it to the control.
      press: () => {
        element.focus();
        element.click();
      },
    }))
    .filter(({ title }) => title !== "");
  return [...new Map(controls.map((control) => [control.title, control])).values()];
}

function titleOf(element: HTMLElement): string {
  const title = (element.getAttribute("aria-label") ?? element.innerText).replaceAll(/\s+/g, " ").trim();
  // The head of a column sorts the table.
  if (title !== "" && element.closest("th[scope=col]")) return `Sort by ${title.toLowerCase()}`;
  if (title === "" || element.getAttribute("role") !== "switch") return title;
  return `Switch ${(element as HTMLInputElement).checked ? "off" : "on"}: ${title}`;
}
