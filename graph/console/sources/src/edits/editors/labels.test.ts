import { expect, test } from "vitest";

import { labelOf } from "./labels.ts";

test.each([
  ["rollout", "Rollout"],
  ["groupId", "Group ID"],
  ["userIds", "User IDs"],
  ["hostNames", "Host names"],
  ["IPs", "IPs"],
  ["min_age", "Min age"],
  ["", ""],
])("the parameter %s is shown as %s", (name, label) => {
  expect(labelOf(name)).toBe(label);
});
