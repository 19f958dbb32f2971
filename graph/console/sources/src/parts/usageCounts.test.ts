import { expect, test } from "vitest";

import { axisEnd, countWords, lastMinute, sumBuckets, totalOf } from "./usageCounts.ts";

const NOW = Date.parse("2026-11-30T10:00:30.400Z");

test("the last minute has a bucket for each second, and the current second is the last one", () => {
  const buckets = lastMinute([], NOW);

  expect(buckets).toHaveLength(60);
  expect(buckets[0]?.start).toBe("2026-11-30T09:59:31.000Z");
  expect(buckets.at(-1)).toEqual({ start: "2026-11-30T10:00:30.000Z", end: "2026-11-30T10:00:31.000Z", yes: 0, no: 0 });
});

test("reports of the same second are added, and older ones are ignored", () => {
  const reports = [
    { start: "2026-11-30T09:59:30.999Z", yes: 100, no: 100 },
    { start: "2026-11-30T10:00:30.000Z", yes: 2, no: 1 },
    { start: "2026-11-30T10:00:30.999Z", yes: 3, no: 0 },
    { start: "2026-11-30T10:00:31.000Z", yes: 100, no: 100 },
  ];
  const buckets = lastMinute(reports, NOW);

  expect(buckets.at(-1)).toMatchObject({ yes: 5, no: 1 });
  expect(totalOf(buckets)).toEqual({ yes: 5, no: 1 });
});

test.each([
  [0, 0, 1],
  [3, 0, 5],
  [10, 0, 10],
  [7, 4, 20],
  [400, 101, 1000],
])("the axis of %d yes and %d no ends at %d", (yes, no, end) => {
  expect(axisEnd([{ start: "", end: "", yes, no }])).toBe(end);
});

test("counts are short", () => {
  expect([0, 999, 2_940, 45_800, 3_000_000].map(countWords)).toEqual(["0", "999", "2.9K", "45.8K", "3M"]);
});

test("series are summed by bucket", () => {
  const bucket = (start: string, yes: number, no: number) => ({ start, end: "", yes, no });
  const [first, second] = ["2026-11-30T09:00:00Z", "2026-11-30T10:00:00Z"];
  const sums = sumBuckets([[bucket(second, 1, 2)], [bucket(first, 3, 0), bucket(second, 10, 20)]]);

  expect(sums).toEqual([bucket(first, 3, 0), bucket(second, 11, 22)]);
});
