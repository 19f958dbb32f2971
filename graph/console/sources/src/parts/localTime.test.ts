import { expect, test, vi } from "vitest";

import { displayTime, localFieldOf, timeOfLocalField, zoneAt } from "./localTime.ts";

test.each(["UTC", "Europe/Berlin", "America/St_Johns"])("in %s a time is the same after editing it", (zone) => {
  vi.stubEnv("TZ", zone);
  for (const time of ["2026-01-31T23:30:00Z", "2026-07-01T00:00:00Z"]) {
    expect(timeOfLocalField(localFieldOf(time))).toBe(time);
  }
  vi.unstubAllEnvs();
});

test("a field shows the time of the browser's zone", () => {
  vi.stubEnv("TZ", "Europe/Berlin");

  expect(localFieldOf("2026-07-01T08:00:00Z")).toBe("2026-07-01T10:00");
  expect(timeOfLocalField("2026-12-24T18:00")).toBe("2026-12-24T17:00:00Z");
  expect(zoneAt("2026-12-24T17:00:00Z")).toBe("Europe/Berlin, GMT+1");
  vi.unstubAllEnvs();
});

test("an empty or invalid time is empty", () => {
  expect(timeOfLocalField("")).toBe("");
  expect(timeOfLocalField("tomorrow")).toBe("");
  expect(localFieldOf("tomorrow")).toBe("");
  expect(displayTime("tomorrow")).toBe("tomorrow");
});
