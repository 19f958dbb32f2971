import { expect, test } from "vitest";

import { inOrderOfUse } from "./strategyOrder.ts";

test("the commonest strategies come first, and superseded and deprecated ones last", () => {
  const names = ["applicationHostname", "byCoupon", "gradualRolloutUserId", "userWithId", "byStore", "default", "flexibleRollout"];
  const strategies = names.map((name) => ({ name, deprecated: name === "byCoupon" }));
  expect(inOrderOfUse(strategies).map(({ name }) => name)).toEqual([
    "flexibleRollout",
    "default",
    "userWithId",
    "applicationHostname",
    "byStore",
    "gradualRolloutUserId",
    "byCoupon",
  ]);
});
