import type { Merging } from "./merging.ts";
import { Banner } from "../parts/Banner.tsx";
import { Button } from "../parts/Button.tsx";

interface Props {
  merging: Merging;
  onDecide: () => void;
  onDiscard: () => void;
}

/** Tells that other people changed the same fields as the unsaved edits. The edits remain until the user decides. */
export function TheirChanges({ merging, onDecide, onDiscard }: Props) {
  const count = merging.conflicts.length;
  if (count === 0) return null;
  return (
    <Banner>
      <span>
        {count === 1
          ? "Other people changed a field that you are editing."
          : `Other people changed ${count} fields that you are editing.`}{" "}
        Your edits are still here.
      </span>
      <span>
        <Button small onClick={onDecide}>
          Decide…
        </Button>{" "}
        <Button small onClick={onDiscard}>
          Discard my edits
        </Button>
      </span>
    </Banner>
  );
}
