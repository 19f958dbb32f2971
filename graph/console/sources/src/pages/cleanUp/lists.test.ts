import { expect, test } from "vitest";

import { askersOf, listsFor } from "./lists.ts";
import type { CleanUpRowFragment } from "../../gql/cleanUp.ts";

const NOW = Date.parse("2026-11-30T10:00:00Z");
const ROW: CleanUpRowFragment = {
  id: "1",
  name: "old",
  stale: false,
  expiresAt: "2026-11-20T10:00:00Z",
  lastSeenAt: null,
  createdAt: "2026-09-30T10:00:00Z",
  type: { id: "release", name: "release", title: "Release", lifetimeDays: 40 },
  environment: { id: "1/production", lastYesAt: "2026-11-30T09:00:00Z", lastNoAt: null },
  usages: {
    totalCount: 3,
    nodes: [
      usage("web", "2026-11-28T10:00:00Z"),
      usage("app", "2026-11-30T09:00:00Z"),
      usage("web", "2026-11-29T10:00:00Z"),
    ],
  },
};

function usage(name: string, lastSeenAt: string) {
  return {
    lastSeenAt,
    application: { id: name, name },
  };
}

test("each reason says what was observed and when", () => {
  const reasons = Object.fromEntries(listsFor(30, "production").map(({ key, reasonOf }) => [key, reasonOf(ROW, NOW)]));

  expect(reasons).toEqual({
    stale: "Last asked for: never.",
    expired: "Release toggles are expected to live for 40 days. That ended 10d ago.",
    on: "Last yes: 1h ago. Last no: never.",
    off: "Last no: never. Last yes: 1h ago.",
    unseen: "Never asked for since its creation 2mo ago.",
  });
});

test("no text claims that removing a toggle is safe", () => {
  const texts = listsFor(30, "production").flatMap(({ title, meaning, reasonOf }) => [title, meaning, reasonOf(ROW, NOW)]);

  expect(texts.filter((text) => /safe|unused|not needed/i.test(text))).toEqual([]);
});

test("an application is named once with its last request, the last asker first", () => {
  expect(askersOf(ROW)).toEqual([
    { name: "app", lastSeenAt: "2026-11-30T09:00:00Z" },
    { name: "web", lastSeenAt: "2026-11-29T10:00:00Z" },
  ]);
});
