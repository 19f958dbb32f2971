import { useMemo } from "react";

import css from "./PastUsage.module.css";
import { Button } from "./Button.tsx";
import { Skeleton } from "./Skeleton.tsx";
import { UsageChart } from "./UsageChart.tsx";
import { totalOf } from "./usageCounts.ts";
import type { Bucket } from "./usageCounts.ts";
import { formatter } from "./usageRanges.ts";
import type { Range } from "./usageRanges.ts";

interface Props {
  /** What the bars count, such as "Evaluations in production". */
  title: string;
  range: Range;
  /** The counts; undefined until they are loaded. */
  buckets: readonly Bucket[] | undefined;
  /** What it means if there are no evaluations. */
  none: string;
  /** The reason why they cannot be loaded. */
  problem: string | undefined;
  onRetry: () => void;
}

/** The chart of a range of time in the past, the reason why it would be empty, or the state of loading it. */
export function PastUsage({ title, range, buckets, none, problem, onRetry }: Props) {
  const { format, words } = range;
  const timeWords = useMemo(() => formatter(format), [format]);
  if (buckets && isEmpty(buckets)) {
    return (
      <p className={css.none}>
        No evaluation was reported in {words}. {none}
      </p>
    );
  }
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

function isEmpty(buckets: readonly Bucket[]): boolean {
  const { yes, no } = totalOf(buckets);
  return yes + no === 0;
}
