import css from "./Pager.module.css";
import { Button } from "./Button.tsx";

interface Props {
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** The buttons to the pages before and after this one; nothing if there is only one page. */
export function Pager({ onPrevious, onNext }: Props) {
  if (!onPrevious && !onNext) return null;
  return (
    <nav className={css.pager} aria-label="Pages of the list">
      <Button disabled={!onPrevious} onClick={onPrevious}>
        Previous
      </Button>
      <Button disabled={!onNext} onClick={onNext}>
        Next
      </Button>
    </nav>
  );
}
