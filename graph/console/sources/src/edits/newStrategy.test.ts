import { expect, test } from "vitest";

import { newStrategy, rolloutInsteadOf } from "./newStrategy.ts";

const PERCENTAGE = { name: "rollout", type: "percentage", description: "", required: true };
const GROUP = { name: "groupId", type: "string", description: "", required: false };
const ROLLOUT = {
  id: "1",
  name: "flexibleRollout",
  title: "Gradual rollout",
  description: "",
  deprecated: false,
  parameters: [PERCENTAGE, GROUP],
};
const NEW = { ...newStrategy({ ...ROLLOUT, name: "default", parameters: [] }, "checkout"), id: "new-1" };

test("a standard strategy becomes a gradual rollout to everybody with the same conditions", () => {
  const constraints = [{ contextName: "country", operator: "IN", values: ["DE"], caseInsensitive: false, inverted: false }];

  expect(rolloutInsteadOf({ ...NEW, title: "Germany", constraints }, { strategies: [ROLLOUT] }, "checkout")).toEqual({
    name: "flexibleRollout",
    title: "Germany",
    disabled: false,
    parameters: { rollout: "100", groupId: "checkout" },
    constraints,
    segments: [],
    variants: [],
  });
});

test("other strategies, and servers without gradual rollouts, offer none", () => {
  expect(rolloutInsteadOf({ ...NEW, name: "userWithId" }, { strategies: [ROLLOUT] }, "checkout")).toBeUndefined();
  expect(rolloutInsteadOf(NEW, { strategies: [] }, "checkout")).toBeUndefined();
});
