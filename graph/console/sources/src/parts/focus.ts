// Where the focus goes when an element appears or disappears.
import { useLayoutEffect } from "react";
import type { RefObject } from "react";

/** Move the focus to the first field in an element. Use it as the `ref` of an element that a person has just added. */
export function focusFirstField(element: HTMLElement | null): void {
  element?.querySelector<HTMLElement>("input, select, textarea")?.focus();
}

/** Return a focused element to the focus. If it is gone, the focus moves to the content of the page. */
export function returnFocus(element: Element | null): void {
  const isThere = element instanceof HTMLElement && element.isConnected && element !== document.body;
  const target = isThere ? element : document.querySelector<HTMLElement>("main");
  target?.focus({ preventScroll: !isThere });
}

/** Move the focus to `target` if an update of the component removes the focused element from `container`. */
export function useKeptFocus(container: RefObject<HTMLElement | null>, target: RefObject<HTMLElement | null>): void {
  // During the render, the document still has the focused element.
  const hadFocus = container.current?.contains(document.activeElement) === true;
  useLayoutEffect(() => {
    if (hadFocus && document.activeElement === document.body) target.current?.focus({ preventScroll: true });
  });
}
