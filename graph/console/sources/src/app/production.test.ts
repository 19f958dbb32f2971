import { expect, test } from "vitest";

import { productionOf } from "./production.ts";

const DEVELOPMENT = { name: "development", type: "DEVELOPMENT" };

test("the first environment of production is found", () => {
  const live = { name: "live", type: "PRODUCTION" };
  expect(productionOf([DEVELOPMENT, live, { name: "default", type: "PRODUCTION" }])).toBe("live");
});

test("without an environment of production, the first one is found", () => {
  expect(productionOf([DEVELOPMENT])).toBe("development");
});
