// Uses generated types: what is wrong here or in them is no valid program.
import type { components, operations, paths } from "./api";

type NewFeature = operations["createFeature"]["requestBody"]["content"]["application/json"];
type Feature =
  paths["/api/admin/projects/{project}/features/{name}"]["get"]["responses"][200]["content"]["application/json"];

export const created: NewFeature = { name: "returns-portal", type: "release" };

export function strategiesOf(feature: Feature): string[] {
  return feature.environments.flatMap((environment) =>
    environment.strategies.map((strategy) => strategy.name),
  );
}

export function messageOf(error: components["schemas"]["Error"]): string {
  return error.details.map((detail) => detail.message).join(" ");
}

// @ts-expect-error a toggle must have a name
export const nameless: NewFeature = { type: "release" };
