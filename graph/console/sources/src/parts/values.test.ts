import { expect, test } from "vitest";

import { splitValues } from "./values.ts";

test.each([
  ["DE", ["DE"]],
  ["DE, AT,CH\n", ["DE", "AT", "CH"]],
  ["DE\r\nAT, CH\n", ["DE", "AT, CH"]],
  ["1\t2", ["1", "2"]],
  [" , ", []],
])("%j contains the values %j", (text, values) => {
  expect(splitValues(text)).toEqual(values);
});
