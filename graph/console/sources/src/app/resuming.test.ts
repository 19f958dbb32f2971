import { beforeEach, expect, test } from "vitest";

import { subscribeResuming } from "./resuming.ts";

interface Result {
  data?: unknown;
}

const EVENTS = "subscription Events($after: String) { events(after: $after) { cursor } }";

let sent: { payload: unknown; next: (result: Result) => void; error: (reason: unknown) => void }[];
let received: unknown[];

function subscribe(query: string, variables: Record<string, unknown>) {
  return subscribeResuming<Result>(
    (payload, { next, error }) => {
      sent.push({ payload, next, error });
      return () => void received.push("stopped");
    },
    { query, variables },
    {
      next: ({ data }) => void received.push(data),
      error: (reason) => void received.push(reason),
      complete: () => undefined,
    },
  );
}

beforeEach(() => {
  sent = [];
  received = [];
});

test("a payload that is sent again continues after the last result", () => {
  subscribe(EVENTS, { after: "a" });
  sent[0]?.next({ data: { events: { cursor: "b" } } });

  expect(received).toEqual([{ events: { cursor: "b" } }]);
  expect(sent[0]?.payload).toEqual({ query: EVENTS, variables: { after: "b" } });
});

test("an operation without the variable is sent unchanged", () => {
  const query = "subscription { events { cursor } }";
  subscribe(query, {});
  sent[0]?.next({ data: { events: { cursor: "b" } } });

  expect(sent[0]?.payload).toEqual({ query, variables: {} });
});

test("after a refused cursor only new results follow", () => {
  const stop = subscribe(EVENTS, { after: "of another installation" });
  sent[0]?.error("refused");

  expect(sent[1]?.payload).toEqual({ query: EVENTS, variables: { after: null } });
  expect(received).toEqual([]);

  sent[1]?.error("refused again");
  stop();

  expect(sent).toHaveLength(2);
  expect(received).toEqual(["refused again", "stopped"]);
});
