/** Return an SDK as text, such as `unleash-node-sdk 6.1.0`. */
export function sdkWords({ name, version }: { name: string; version: string | null }): string {
  return version === null ? name : `${name} ${version}`;
}
