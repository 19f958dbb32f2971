// The address of the server, derived from the address of this file, which is in `docs/assets` on the
// server. A proxy may serve the server below any path.
const FILE = import.meta.url;
export const SERVER = new URL("../../", FILE);

// Returns the server's index, the JSON at its root.
export async function readIndex() {
  const response = await fetch(SERVER, {
    headers: { Accept: "application/json" },
    credentials: "omit",
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

// Returns the OpenAPI document, with the address of this server.
export async function readDescription() {
  const response = await fetch(new URL("openapi.json", SERVER), { credentials: "omit" });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const description = await response.json();
  description.servers = [{ url: SERVER.href.replace(/\/$/, "") }];
  return description;
}
