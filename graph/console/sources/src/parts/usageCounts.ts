// Counts of evaluations in consecutive intervals.

export interface Bucket {
  start: string;
  end: string;
  yes: number;
  no: number;
}

/** Counts that the server received during a short interval. */
export interface Report {
  start: string;
  yes: number;
  no: number;
}

export const LIVE_SECONDS = 60;

const SECOND_MS = 1_000;
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** Return the last minute by second. `now` is a time in milliseconds. Reports before that minute are ignored. */
export function lastMinute(reports: readonly Report[], now: number): Bucket[] {
  const end = (Math.floor(now / SECOND_MS) + 1) * SECOND_MS;
  const first = end - LIVE_SECONDS * SECOND_MS;
  const buckets = Array.from({ length: LIVE_SECONDS }, (_, index) => ({
    start: new Date(first + index * SECOND_MS).toISOString(),
    end: new Date(first + (index + 1) * SECOND_MS).toISOString(),
    yes: 0,
    no: 0,
  }));
  for (const { start, yes, no } of reports) {
    const bucket = buckets[Math.floor((Date.parse(start) - first) / SECOND_MS)];
    if (!bucket) continue;
    bucket.yes += yes;
    bucket.no += no;
  }
  return buckets;
}

/** Return the sums of both counts. */
export function totalOf(buckets: readonly Bucket[]): { yes: number; no: number } {
  return buckets.reduce((sum, { yes, no }) => ({ yes: sum.yes + yes, no: sum.no + no }), { yes: 0, no: 0 });
}

/** Return the sums of several series by bucket. The series have buckets of the same intervals, or none. */
export function sumBuckets(series: readonly (readonly Bucket[])[]): Bucket[] {
  const sums = new Map<string, Bucket>();
  for (const bucket of series.flat()) {
    const sum = sums.get(bucket.start);
    sums.set(bucket.start, { ...bucket, yes: bucket.yes + (sum?.yes ?? 0), no: bucket.no + (sum?.no ?? 0) });
  }
  return [...sums.values()].toSorted((one, other) => Date.parse(one.start) - Date.parse(other.start));
}

/** Return the end of the axis: the smallest number of the form 1, 2 or 5 times a power of ten that fits all bars. */
export function axisEnd(buckets: readonly Bucket[]): number {
  const highest = Math.max(1, ...buckets.map(({ yes, no }) => yes + no));
  const power = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 5, 10].map((step) => step * power).find((end) => end >= highest) ?? highest;
}

/** Return a count as a short text, such as `2.9K`. */
export function countWords(count: number): string {
  return COMPACT.format(count);
}
