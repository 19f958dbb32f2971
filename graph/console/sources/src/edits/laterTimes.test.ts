import { expect, test } from "vitest";

import { laterTimes, nextHour } from "./laterTimes.ts";
import { localFieldOf } from "../parts/localTime.ts";

function choicesAt(now: Date): string[] {
  return laterTimes(now).map(({ words, at }) => `${words}: ${localFieldOf(at)}`);
}

test("changes can wait for an hour, for the morning and for Monday", () => {
  expect(choicesAt(new Date(2026, 10, 26, 13, 20, 30))).toEqual([
    "In an hour: 2026-11-26T14:21",
    "Tomorrow 9:00: 2026-11-27T09:00",
    "Monday 9:00: 2026-11-30T09:00",
  ]);
});

test("on a Monday, the next Monday is a week away", () => {
  expect(choicesAt(new Date(2026, 10, 30, 8))).toContain("Monday 9:00: 2026-12-07T09:00");
});

test("on a Sunday, Monday is only listed as tomorrow", () => {
  expect(choicesAt(new Date(2026, 10, 29, 8))).toEqual(["In an hour: 2026-11-29T09:00", "Tomorrow 9:00: 2026-11-30T09:00"]);
});

test("the proposed time is a full hour, and at least an hour away", () => {
  expect(nextHour(new Date("2026-11-30T13:20:00Z"))).toBe("2026-11-30T15:00:00Z");
  expect(nextHour(new Date("2026-11-30T13:00:00Z"))).toBe("2026-11-30T14:00:00Z");
});
