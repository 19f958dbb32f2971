/** Return a random key that identifies one attempt to apply changes, however often it is sent. */
export function newKey(): string {
  // `crypto.randomUUID` does not exist on pages over plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
