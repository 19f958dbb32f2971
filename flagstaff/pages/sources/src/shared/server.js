// Where the server is. A proxy may serve it below any path, so its address comes from the address of
// this file, which lies in `docs/assets` of it.
const FILE = import.meta.url;
export const SERVER = new URL("../../", FILE);

// What the server says about itself at its root.
export async function readIndex() {
  const response = await fetch(SERVER, {
    headers: { Accept: "application/json" },
    credentials: "omit",
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

// The OpenAPI document, with the address of this server.
export async function readDescription() {
  const response = await fetch(new URL("openapi.json", SERVER), { credentials: "omit" });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const description = await response.json();
  description.servers = [{ url: SERVER.href.replace(/\/$/, "") }];
  return description;
}
