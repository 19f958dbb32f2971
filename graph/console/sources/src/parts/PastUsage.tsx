import { useMemo } from "react";

import css from "./PastUsage.module.css";
import { Button } from "./Button.tsx";
import { Skeleton } from "./Skeleton.tsx";
import { UsageChart } from "./UsageChart.tsx";
import type { Bucket } from "./usageCounts.ts";
import { formatter } from "./usageRanges.ts";
import type { Range } from "./usageRanges.ts";

interface Props {
  /** What the bars count, such as "Evaluations in production". */
  title: string;
  range: Range;
  /** The counts; undefined until they are loaded. */
  buckets: readonly Bucket[] | undefined;
  /** The reason why they cannot be loaded. */
  problem: string | undefined;
  onRetry: () => void;
}

/** The chart of a range of time in the past, or the state of loading it. */
export function PastUsage({ title, range, buckets, problem, onRetry }: Props) {
  const { format, words } = range;
  const timeWords = useMemo(() => formatter(format), [format]);
  if (buckets) return <UsageChart title={`${title}, ${words}`} buckets={buckets} timeWords={timeWords} />;
  if (!problem) return <Skeleton rows={3} />;
  return (
    <div role="alert" className={css.problem}>
      <p>{problem}</p>
      <Button small onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
