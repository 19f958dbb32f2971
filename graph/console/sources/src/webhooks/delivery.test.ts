import { expect, test } from "vitest";

import { answerWords, stateOf, statesOf, stateWords, testWords } from "./delivery.ts";
import type { Delivery } from "./delivery.ts";

const DELIVERED: Delivery = {
  id: "1",
  state: "DELIVERED",
  isTest: true,
  attempts: 1,
  createdAt: "2026-11-30T12:00:00Z",
  attemptedAt: "2026-11-30T12:00:01Z",
  nextAttemptAt: null,
  status: 204,
  error: null,
  durationMs: 12,
  event: null,
};
const FAILED: Delivery = { ...DELIVERED, state: "FAILED", status: null, error: "The receiver did not answer." };

test("a waiting delivery says whether it was tried", () => {
  expect(stateWords({ state: "WAITING", attempts: 0 }).text).toBe("waiting");
  expect(stateWords({ state: "WAITING", attempts: 2 })).toEqual({ text: "trying again", tone: "warn" });
  expect(stateWords(FAILED).tone).toBe("bad");
});

test("the answer of a receiver is its status, or the reason of the failure", () => {
  expect(answerWords(DELIVERED)).toBe("204 after 12 ms");
  expect(answerWords(FAILED)).toBe("The receiver did not answer.");
  expect(answerWords({ status: null, error: null, durationMs: null })).toBe("");
});

test("a test ends with a sentence", () => {
  expect(testWords("chat", DELIVERED)).toEqual({ text: "The receiver of chat answered 204 after 12 ms.", isFailure: false });
  expect(testWords("chat", FAILED).isFailure).toBe(true);
});

test("an address narrows the log to a state, and other values are ignored", () => {
  expect(statesOf(stateOf("failed"))).toEqual(["FAILED"]);
  expect(statesOf(stateOf("broken"))).toBeNull();
});
