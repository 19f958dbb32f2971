/** Return a random key for one attempt to apply changes. Repeated requests contain the same key. */
export function newKey(): string {
  // `crypto.randomUUID` does not exist on pages over plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
