import type { ReactNode } from "react";

import { Banner } from "./Banner.tsx";
import { Button } from "./Button.tsx";

interface Props {
  onRetry: () => void;
  children: ReactNode;
}

/** A banner that explains why data is missing or out of date, with a button that loads it again. */
export function RetryBanner({ onRetry, children }: Props) {
  return (
    <Banner>
      <span>{children}</span>
      <Button small onClick={onRetry}>
        Try again
      </Button>
    </Banner>
  );
}
