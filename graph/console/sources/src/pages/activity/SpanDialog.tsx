import { useState } from "react";

import css from "./SpanDialog.module.css";
import { Button } from "../../parts/Button.tsx";
import { DateTimeField } from "../../parts/DateTimeField.tsx";
import { Dialog } from "../../parts/Dialog.tsx";

interface Props {
  /** The start and the end of the span; empty if the span has none. */
  from: string;
  to: string;
  onClose: () => void;
  onChoose: (from: string, to: string) => void;
}

const HOUR_MS = 3_600_000;
const SPANS = [
  { title: "Last hour", hours: 1 },
  { title: "Last 24 hours", hours: 24 },
  { title: "Last 7 days", hours: 168 },
] as const;

/** Asks for the span of time from which to show events. */
export function SpanDialog({ from, to, onClose, onChoose }: Props) {
  const [start, setStart] = useState(from);
  const [end, setEnd] = useState(to);
  return (
    <Dialog
      title="Events from when?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" onClick={() => onChoose(start, end)}>
            Show
          </Button>
        </>
      }
    >
      <div className={css.spans}>
        {SPANS.map(({ title, hours }) => (
          <Button key={title} small onClick={() => onChoose(hoursAgo(hours), "")}>
            {title}
          </Button>
        ))}
      </div>
      <DateTimeField label="From" value={start} onChange={setStart} />
      <DateTimeField label="Until" value={end} onChange={setEnd} />
    </Dialog>
  );
}

function hoursAgo(hours: number): string {
  return `${new Date(Date.now() - hours * HOUR_MS).toISOString().slice(0, 19)}Z`;
}
