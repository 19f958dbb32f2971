import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Switches } from "./switches.ts";

interface Sent {
  on: boolean;
  answer: () => void;
  refuse: (reason: string) => void;
}

let sent: Sent[];
let switches: Switches;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  switches = new Switches(
    (_id, on) =>
      new Promise((resolve, reject) => {
        sent.push({ on, answer: resolve, refuse: (reason) => reject(new Error(reason)) });
      }),
  );
});

afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(1);

test("a switch shows the wish until the server has answered", async () => {
  switches.move("a", false, true, 0);
  expect(switches.stateOf("a").wish).toBe(true);

  sent[0]?.answer();
  await settle();

  expect(switches.stateOf("a")).toEqual({});
  expect(switches.isBusy).toBe(false);
});

test("after a delayed wish, the switch says for a while that it has moved", async () => {
  switches.move("a", true, false, 5_000);
  await vi.advanceTimersByTimeAsync(5_000);
  sent[0]?.answer();
  await settle();

  expect(switches.stateOf("a")).toMatchObject({ confirmed: false });
  expect(switches.stateOf("a").wish).toBeUndefined();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(switches.stateOf("a")).toEqual({});
});

test("of quick clicks only the latest is sent after the answer", async () => {
  for (const on of [true, false, true, false]) switches.move("a", false, on, 0);
  expect(sent.map(({ on }) => on)).toEqual([true]);
  expect(switches.stateOf("a").wish).toBe(false);

  sent[0]?.answer();
  await settle();

  expect(sent.map(({ on }) => on)).toEqual([true, false]);
});

test("clicks that end where the request is are not sent again", async () => {
  for (const on of [true, false, true]) switches.move("a", false, on, 0);
  sent[0]?.answer();
  await settle();

  expect(sent).toHaveLength(1);
  expect(switches.stateOf("a")).toEqual({});
});

test("a refused switch returns and says why, for ten seconds", async () => {
  switches.move("a", false, true, 0);
  sent[0]?.refuse("The server does not answer.");
  await settle();
  expect(switches.stateOf("a")).toMatchObject({ failure: "The server does not answer." });
  expect(switches.stateOf("a").wish).toBeUndefined();

  await vi.advanceTimersByTimeAsync(10_000);

  expect(switches.stateOf("a")).toEqual({});
});

test("a delayed switch is sent after the delay", async () => {
  switches.move("a", true, false, 5_000);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(sent).toHaveLength(0);

  await vi.advanceTimersByTimeAsync(1);

  expect(sent.map(({ on }) => on)).toEqual([false]);
});

test("a delayed switch that is moved back is never sent", async () => {
  switches.move("a", true, false, 5_000);
  switches.move("a", true, true, 5_000);

  await vi.advanceTimersByTimeAsync(10_000);

  expect(sent).toHaveLength(0);
  expect(switches.isBusy).toBe(false);
});

test("switches do not wait for each other", () => {
  switches.move("a", false, true, 0);
  switches.move("b", false, true, 0);

  expect(sent).toHaveLength(2);
});
