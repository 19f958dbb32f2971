import type { Editing } from "../../edits/editing.ts";
import { Banner } from "../../parts/Banner.tsx";
import { Button } from "../../parts/Button.tsx";

/** Tells that other people changed the toggle since editing began. The unsaved edits remain. */
export function TheirChanges({ editing }: { editing: Editing }) {
  const { base, theirs, changes, discard } = editing;
  if (changes.length === 0 || theirs.revision === base.revision) return null;
  return (
    <Banner>
      <span>
        Somebody changed this toggle while you were editing. Your edits are still here, but the server refuses edits of
        parts that changed in the meantime.
      </span>
      <Button small onClick={discard}>
        Discard my edits
      </Button>
    </Banner>
  );
}
