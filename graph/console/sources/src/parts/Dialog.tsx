import { useEffect, useId, useRef } from "react";
import type { ReactNode } from "react";

import css from "./Dialog.module.css";
import { returnFocus } from "./focus.ts";

interface Props {
  title: string;
  /** Called when Escape is pressed. Without it, only the buttons of the dialog close the dialog. */
  onClose?: () => void;
  children?: ReactNode;
  /** What stays visible below the content while the content scrolls. */
  foot?: ReactNode;
  /** The buttons. */
  actions: ReactNode;
}

/** A modal dialog. When it closes, the focus returns to the previous element. */
export function Dialog({ title, onClose, children, foot, actions }: Props) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    // Browsers may focus the content itself if the content scrolls.
    const focused = document.activeElement;
    if (focused?.parentElement === element) focused?.querySelector<HTMLElement>("input, select, textarea")?.focus();
    return () => {
      element?.close();
      returnFocus(before);
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      className={css.dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      // Browsers may close a dialog without a question if Escape is pressed twice.
      onKeyDown={(event) => {
        if (!onClose && event.key === "Escape") event.preventDefault();
      }}
    >
      <h2 id={id} className={css.title}>
        {title}
      </h2>
      {children && <div className={css.content}>{children}</div>}
      {foot && <div className={css.foot}>{foot}</div>}
      <div className={css.actions}>{actions}</div>
    </dialog>
  );
}
