import { createContext, use, useCallback, useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";

import css from "./Toast.module.css";
import { Button } from "./Button.tsx";

export interface Note {
  text: string;
  isFailure?: boolean;
  /** A button, such as Undo, that also closes the note. */
  action?: { title: string; run: () => void };
}

type Show = (note: Note) => void;

const ToastContext = createContext<Show | undefined>(undefined);

const SHOWN_MS = 20_000;

/** Shows one note at the corner of the page, until it is closed or replaced. Only failures do not time out. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [note, setNote] = useState<Note>();
  const close = useCallback((closed: Note) => setNote((shown) => (shown === closed ? undefined : shown)), []);
  const content = useMemo(() => note && <Content note={note} onClose={close} />, [note, close]);
  return (
    <ToastContext value={setNote}>
      {children}
      <div className={css.place}>
        <div role="status">{!note?.isFailure && content}</div>
        <div role="alert">{note?.isFailure && content}</div>
      </div>
    </ToastContext>
  );
}

/** Return a function that shows a note instead of the current one. */
export function useToast(): Show {
  const show = use(ToastContext);
  if (!show) throw new Error("There are no notes outside of ToastProvider.");
  return show;
}

function Content({ note, onClose }: { note: Note; onClose: (note: Note) => void }) {
  const { action } = note;
  const [isHovered, setHovered] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isHeld = note.isFailure || isHovered || isFocused;

  // After the pointer and the focus have left, the time begins again.
  useEffect(() => {
    if (isHeld) return undefined;
    const timer = setTimeout(() => onClose(note), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [note, isHeld, onClose]);

  return (
    <div
      className={css.toast}
      data-failure={note.isFailure}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <p>{note.text}</p>
      {action && (
        <Button
          small
          keys={action.title.startsWith("Undo") ? "u" : undefined}
          onClick={() => {
            onClose(note);
            action.run();
          }}
        >
          {action.title}
        </Button>
      )}
      <Button small keys="Escape" onClick={() => onClose(note)}>
        Dismiss
      </Button>
    </div>
  );
}
