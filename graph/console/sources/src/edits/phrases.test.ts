import { expect, test } from "vitest";

import type { VariantDraft } from "./draft.ts";
import { constraintPhrase, matchesEverybody, rolloutOf, sharesOf, valuesPhrase, weightProblem } from "./phrases.ts";

function variants(...weights: readonly (number | null)[]): VariantDraft[] {
  return weights.map((weight, index) => ({
    name: String(index),
    weightType: weight === null ? "VARIABLE" : "FIX",
    weight,
    stickiness: "default",
    payload: null,
    overrides: [],
  }));
}

const STRATEGY = {
  id: "1",
  title: "",
  disabled: false,
  constraints: [],
  segments: [],
  variants: [],
};

test.each([
  [[], "nothing"],
  [["DE"], "DE"],
  [["DE", "AT", "CH"], "DE, AT or CH"],
  [[..."abcdefghijk"], "a, b, c, d, e, f, g, h or 3 more"],
])("the values %j are %s", (values, phrase) => {
  expect(valuesPhrase(values)).toBe(phrase);
});

test.each([
  ["IN", false, "country is one of DE"],
  ["IN", true, "country is none of DE"],
  ["SEMVER_GT", true, "country is not later than version DE"],
  ["OWN_OPERATOR", true, "country not OWN_OPERATOR DE"],
])("the operator %s, inverted: %s, says %s", (operator, inverted, phrase) => {
  const constraint = { contextName: "country", operator, values: ["DE"], caseInsensitive: false, inverted };

  expect(constraintPhrase(constraint)).toBe(phrase);
});

test.each([
  ["flexibleRollout", { rollout: "12.5" }, 12.5],
  ["flexibleRollout", {}, 100],
  ["gradualRolloutUserId", {}, 0],
  ["flexibleRollout", { rollout: "many" }, undefined],
  ["default", { rollout: "5" }, undefined],
])("the strategy %s with %j lets %s through", (name, parameters, share) => {
  expect(rolloutOf({ ...STRATEGY, name, parameters })).toBe(share);
});

test.each([
  [[null], [100]],
  [[null, null, null], [33.4, 33.3, 33.3]],
  [[100, null, null], [10, 45, 45]],
  [[1000, null], [100, 0]],
])("the weights %j are %j percent", (weights, shares) => {
  expect(sharesOf(variants(...weights))).toEqual(shares);
});

test("fixed weights must leave room, or add up to the whole", () => {
  expect(weightProblem(variants(600, 600, null))).toContain("120 %, more than 100 %");
  expect(weightProblem(variants(600))).toContain("60 %. Without a variable weight");
  expect(weightProblem(variants(600, null))).toBeUndefined();
  expect(weightProblem(variants(600, 400))).toBeUndefined();
  expect(weightProblem([])).toBeUndefined();
});

test.each([
  ["default", {}, {}, true],
  ["default", {}, { disabled: true }, false],
  ["default", {}, { segments: ["1"] }, false],
  ["flexibleRollout", { rollout: "100", stickiness: "default" }, {}, true],
  ["flexibleRollout", { rollout: "99", stickiness: "default" }, {}, false],
  ["flexibleRollout", { rollout: "100", stickiness: "userId" }, {}, false],
  ["ownStrategy", {}, {}, false],
])("whether %s with %j and %j matches everybody: %s", (name, parameters, settings, expected) => {
  expect(matchesEverybody({ ...STRATEGY, name, parameters, ...settings })).toBe(expected);
});
