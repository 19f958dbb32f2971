import { expect, test } from "vitest";

import { contextName, parseLines } from "./contexts.ts";

test("a line is the ID of a user or a JSON object", () => {
  const lines = parseLines('mira\n\n  {"userId": 7, "country": "DE", "properties": {"beta": true}}  ');

  expect(lines.map(({ context }) => context)).toEqual([
    { userId: "mira", properties: [] },
    {
      userId: "7",
      properties: [
        { name: "beta", value: "true" },
        { name: "country", value: "DE" },
      ],
    },
  ]);
});

test.each([
  ["{", "The line { is not valid JSON."],
  ['{"a": {}}', "The line {\"a\": {}} has no text, number or boolean in 'a'."],
  ['{"properties": 1}', 'The line {"properties": 1} has properties that are no object.'],
])("%s is explained", (text, problem) => {
  expect(parseLines(text)).toEqual([{ text, context: undefined, problem }]);
});

test("a context is named after what tells it apart", () => {
  const names = parseLines('7\n{"country": "DE"}\n{"sessionId": "s"}\n{}').map(({ context }) => context && contextName(context));

  expect(names).toEqual(["7", "country DE", "s", "empty context"]);
});
