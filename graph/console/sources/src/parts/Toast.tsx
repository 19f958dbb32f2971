import { createContext, use, useCallback, useMemo, useState } from "react";
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

/** Shows one note at the corner of the page, until it is closed or replaced. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [note, setNote] = useState<Note>();
  const close = useCallback(() => setNote(undefined), []);
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

function Content({ note, onClose }: { note: Note; onClose: () => void }) {
  const { action } = note;
  return (
    <div className={css.toast} data-failure={note.isFailure}>
      <p>{note.text}</p>
      {action && (
        <Button
          small
          onClick={() => {
            onClose();
            action.run();
          }}
        >
          {action.title}
        </Button>
      )}
      <Button small onClick={onClose}>
        Dismiss
      </Button>
    </div>
  );
}
