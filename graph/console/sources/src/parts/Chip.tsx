import { X } from "lucide-react";

import css from "./Chip.module.css";

interface Props {
  /** The part of the text that names the kind of term, such as "type". */
  kind?: string;
  text: string;
  onRemove: () => void;
}

/** A term that can be removed. */
export function Chip({ kind, text, onRemove }: Props) {
  const name = kind ? `${kind} ${text}` : text;
  return (
    <button type="button" className={css.chip} aria-label={`Remove ${name}`} onClick={onRemove}>
      <span className="cut">
        {kind && <strong>{kind} </strong>}
        {text}
      </span>
      <X size={12} aria-hidden="true" />
    </button>
  );
}
