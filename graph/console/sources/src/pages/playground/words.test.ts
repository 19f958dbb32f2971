import { expect, test } from "vitest";

import { decisionWords } from "./words.ts";

const ON = { enabled: true, reason: "STRATEGY_MATCHED", variant: { name: "green", enabled: true } } as const;

test("a decision is on, off or undecided", () => {
  expect(decisionWords(ON)).toEqual({ text: "on, green", tone: "on" });
  expect(decisionWords({ ...ON, variant: { name: "disabled", enabled: false } }).text).toBe("on");
  expect(decisionWords({ ...ON, enabled: false }).text).toBe("off");
  expect(decisionWords({ ...ON, reason: "UNDECIDED" }).tone).toBe("unknown");
  expect(decisionWords(undefined).text).toBe("no toggle");
});
