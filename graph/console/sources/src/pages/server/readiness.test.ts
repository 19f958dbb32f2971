import { expect, test } from "vitest";

import { healthOf } from "./readiness.ts";
import type { Readiness } from "./readiness.ts";

test.each<[Readiness | undefined, string, string]>([
  [{ ready: true, database: "available", ageSeconds: 0.4 }, "good", "healthy"],
  [{ ready: true, database: "unavailable", problem: "Refused." }, "warn", "without its database"],
  [{ ready: true, draining: true, database: "available" }, "warn", "stopping"],
  [{ ready: false }, "warn", "not ready"],
  [undefined, "bad", "no answer"],
])("%j is %s: %s", (readiness, tone, words) => {
  expect(healthOf(readiness)).toMatchObject({ tone, words });
});

test("the reason of the database is shown", () => {
  expect(healthOf({ ready: true, database: "unavailable", problem: "Refused." }).details).toContain("Refused.");
});
