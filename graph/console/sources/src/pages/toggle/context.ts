// The context for which the page evaluates a toggle. The address contains the values.
import type { Definitions } from "../../edits/definitions.ts";
import type { EnvironmentDraft, VariantDraft } from "../../edits/draft.ts";
import type { ContextInput } from "../../gql/toggle.ts";

/** The values of context fields by name. */
export type Values = ReadonlyMap<string, string>;

const OWN_INPUTS = ["userId", "sessionId", "remoteAddress", "appName", "currentTime"] as const;
const NOT_FIELDS: readonly string[] = ["", "default", "random"];

/** Read the values from the parameters `user` and `context` of an address. */
export function valuesIn(user: string, others: readonly string[]): Values {
  const pairs = others.map((text): [string, string] => {
    const colon = text.indexOf(":");
    return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  });
  return new Map([["userId", user], ...pairs]);
}

/** Return the parameters of an address that contains the values. */
export function parametersOf(values: Values): { user: string; context: string[] } {
  const others = [...values].filter(([name, value]) => name !== "userId" && value !== "");
  return { user: values.get("userId") ?? "", context: others.map(([name, value]) => `${name}:${value}`) };
}

/** Return the values as an input of the API. Empty values are not given. */
export function contextInput(values: Values): ContextInput {
  const context: ContextInput = {};
  const properties: { name: string; value: string }[] = [];
  for (const [name, value] of values) {
    if (value === "") continue;
    const own = OWN_INPUTS.find((each) => each === name);
    if (own) context[own] = value;
    else properties.push({ name, value });
  }
  return properties.length > 0 ? { ...context, properties } : context;
}

/** Return the context fields that the decision of an environment depends on. The user's ID is always the first. */
export function relevantFields(environment: EnvironmentDraft, { segments }: Definitions): string[] {
  const ofVariants = (variants: readonly VariantDraft[]) =>
    variants.flatMap(({ stickiness, overrides }) => [
      stickiness,
      ...overrides.map(({ contextName }) => contextName),
    ]);
  const names = environment.strategies.flatMap((strategy) => [
    ...strategy.constraints.map(({ contextName }) => contextName),
    ...segments
      .filter(({ id }) => strategy.segments.includes(id))
      .flatMap(({ constraints }) => constraints.map(({ contextName }) => contextName)),
    Object.hasOwn(strategy.parameters, "stickiness") ? (strategy.parameters["stickiness"] ?? "") : "",
    ...(strategy.name === "remoteAddress" ? ["remoteAddress"] : []),
    ...ofVariants(strategy.variants),
  ]);
  const all = new Set(["userId", ...names, ...ofVariants(environment.variants)]);
  return [...all].filter((name) => !NOT_FIELDS.includes(name));
}
