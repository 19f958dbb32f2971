import { expect, test } from "vitest";

import { filterIn } from "./filter.ts";
import { creationOf, expiryTone, inDays } from "./token.ts";
import type { NewToken } from "./token.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const TOKEN: NewToken = { name: " web ", type: "CLIENT", environment: "production", projects: ["shop"], expiresAt: "" };

function address(values: Record<string, string>) {
  return { one: (name: string) => values[name] ?? "" };
}

test("only tokens of SDKs have an environment and projects", () => {
  const scope = { environment: "production", projects: ["shop"] };

  expect(creationOf(TOKEN)).toEqual({ name: "web", type: "CLIENT", ...scope, expiresAt: null });
  expect(creationOf({ ...TOKEN, type: "ADMIN" })).toEqual({ name: "web", type: "ADMIN", expiresAt: null });
});

test("an expiry is marked when it is near and when it is over", () => {
  expect(expiryTone(null, NOW)).toBeUndefined();
  expect(expiryTone(inDays(15, NOW), NOW)).toBeUndefined();
  expect(expiryTone(inDays(13, NOW), NOW)).toBe("warn");
  expect(expiryTone(inDays(0, NOW), NOW)).toBe("bad");
});

test("an address describes the filter, and other values are ignored", () => {
  expect(filterIn(address({ q: " web ", type: "client", expired: "yes" }))).toEqual({
    search: "web",
    types: ["CLIENT"],
    expired: true,
  });
  expect(filterIn(address({ type: "robot", expired: "maybe" }))).toEqual({});
  expect(filterIn(address({ expired: "no" }))).toEqual({ expired: false });
});
