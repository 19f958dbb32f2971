interface Environment {
  name: string;
  type: string;
}

/** Return the name of the first environment of the type production, or else of the first environment. */
export function productionOf(environments: readonly Environment[]): string {
  const first = environments.find(({ type }) => type === "PRODUCTION") ?? environments[0];
  return first?.name ?? "default";
}
