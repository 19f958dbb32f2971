import { useState } from "react";
import { Check, Copy } from "lucide-react";

import css from "./CopyAs.module.css";
import { copyText } from "./clipboard.ts";

interface Props {
  /** The format of the text, such as `curl`. */
  title: string;
  text: () => string;
}

/** A button that copies a text and confirms the copy. */
export function CopyAs({ title, text }: Props) {
  const [isCopied, setCopied] = useState(false);
  const Icon = isCopied ? Check : Copy;
  return (
    <button
      type="button"
      className={css.copy}
      onClick={() => {
        void copyText(text()).then(() => setCopied(true));
      }}
    >
      <Icon size={14} aria-hidden="true" />
      <span role="status">{isCopied ? `Copied as ${title}` : `Copy as ${title}`}</span>
    </button>
  );
}
