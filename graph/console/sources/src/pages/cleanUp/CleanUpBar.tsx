import { Button } from "../../parts/Button.tsx";
import { FloatingBar } from "../../parts/FloatingBar.tsx";

interface Props {
  count: number;
  onAction: (action: "stale" | "archive") => void;
  onClear: () => void;
}

/** The actions on the selected toggles. Each action opens a review. */
export function CleanUpBar({ count, onAction, onClear }: Props) {
  return (
    <FloatingBar label="Selected toggles">
      <p role="status">
        <strong>{count} selected</strong>
      </p>
      <Button small onClick={() => onAction("stale")}>
        Mark as stale
      </Button>
      <Button small kind="danger" onClick={() => onAction("archive")}>
        Archive
      </Button>
      <Button small onClick={onClear}>
        Clear
      </Button>
    </FloatingBar>
  );
}
