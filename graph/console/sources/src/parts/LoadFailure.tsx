import { Button } from "./Button.tsx";
import { Empty } from "./Empty.tsx";

interface Props {
  /** What could not be loaded, as the subject of a sentence, such as `The toggles`. */
  subject: string;
  problem: string;
  onRetry: () => void;
}

/** Stands in the place of data whose first load failed. */
export function LoadFailure({ subject, problem, onRetry }: Props) {
  return (
    <Empty title={`${subject} could not be loaded`} alert>
      <p>{problem}</p>
      <Button onClick={onRetry}>Try again</Button>
    </Empty>
  );
}
