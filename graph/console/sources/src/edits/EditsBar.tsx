import { useEffect, useState } from "react";

import css from "./EditsBar.module.css";
import { proposalLink } from "../app/proposal.ts";
import type { ChangeInput } from "../gql/edits.ts";
import { Button } from "../parts/Button.tsx";
import { copyText } from "../parts/clipboard.ts";
import { FloatingBar } from "../parts/FloatingBar.tsx";

interface Props {
  /** The number of edits. */
  count: number;
  /** Where the edits are, such as the names of environments. */
  places: readonly string[];
  /** The edits as changes, which a link can propose. */
  changes: readonly ChangeInput[];
  onReview: () => void;
  onDiscard: () => void;
}

/** The bar above a page with unsaved edits. Ctrl+S or ⌘S opens the review. */
export function EditsBar({ count, places, changes, onReview, onDiscard }: Props) {
  // The changes of the link that was copied last. Later edits need another link.
  const [copied, setCopied] = useState<readonly ChangeInput[]>();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isSave = event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey;
      if (!isSave) return;
      event.preventDefault();
      onReview();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [onReview]);

  return (
    <FloatingBar label="Unsaved edits" wraps>
      <p className={css.count} role="status">
        <strong>{count === 1 ? "1 unsaved edit" : `${count} unsaved edits`}</strong>
        {places.length > 0 && <span className={css.places}> {places.join(", ")}</span>}
      </p>
      <Button small onClick={onDiscard}>
        Discard
      </Button>
      <Button
        small
        onClick={() => {
          void copyText(proposalLink(changes)).then(() => setCopied(changes));
        }}
      >
        {copied === changes ? "Link copied" : "Copy a link"}
      </Button>
      <Button small kind="primary" onClick={onReview}>
        Review
      </Button>
    </FloatingBar>
  );
}
