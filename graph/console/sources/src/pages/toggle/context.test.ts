import { expect, test } from "vitest";

import { contextInput, parametersOf, relevantFields, valuesIn } from "./context.ts";
import type { EnvironmentDraft } from "../../edits/draft.ts";

test("an address contains the values of a context", () => {
  const values = new Map([
    ["userId", "mira"],
    ["country", "DE"],
    ["url", "https://a"],
  ]);
  const { user, context } = parametersOf(values);

  expect(context).toEqual(["country:DE", "url:https://a"]);
  expect(valuesIn(user, context)).toEqual(values);
});

test("empty values are not part of the context", () => {
  const values = new Map([
    ["userId", ""],
    ["country", "DE"],
    ["appName", "web"],
  ]);

  expect(contextInput(values)).toEqual({ appName: "web", properties: [{ name: "country", value: "DE" }] });
  expect(contextInput(valuesIn("", []))).toEqual({});
});

test("the fields of constraints, segments, stickiness and overrides are relevant", () => {
  const environment: EnvironmentDraft = {
    environment: "production",
    revision: 1,
    enabled: true,
    strategies: [
      {
        id: "1",
        name: "flexibleRollout",
        title: "",
        disabled: false,
        parameters: { stickiness: "sessionId" },
        constraints: [
          { contextName: "country", operator: "IN", values: [], caseInsensitive: false, inverted: false },
        ],
        segments: ["beta"],
        variants: [],
      },
    ],
    variants: [
      {
        name: "red",
        weightType: "VARIABLE",
        weight: null,
        stickiness: "random",
        payload: null,
        overrides: [{ contextName: "team", values: ["a"] }],
      },
    ],
  };
  const definitions = {
    strategies: [],
    titles: new Map(),
    segments: [{ id: "beta", name: "Beta", description: "", constraints: [{ contextName: "plan" }] }],
    segmentCount: 1,
    contextFields: [],
    toggleTypes: [],
    projects: [],
    tagTypes: [],
  };

  expect(relevantFields(environment, definitions)).toEqual(["userId", "country", "plan", "sessionId", "team"]);
});
