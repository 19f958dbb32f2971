import { SERVER } from "../../shared/server.js";

// Stores the objects that a run has created and not yet removed. Therefore the objects can be
// removed even after the page was closed. Each story of a run has an entry. Names and kinds are not
// secret.
const PREFIX = `flagstaff:sample:${SERVER.pathname}:`;
// Pages use this channel to ask pages in other tabs for the entries of their runs.
const channel = new BroadcastChannel(PREFIX);
const ANSWER_MS = 500;
const own = new Set();

channel.addEventListener("message", ({ data }) => {
  if (data === "whose") channel.postMessage([...own]);
});

export function storeMade(run, story, objects) {
  const key = `${PREFIX}${run}:${story}`;
  if (objects.length) {
    own.add(key);
    localStorage.setItem(key, JSON.stringify(objects));
  } else {
    own.delete(key);
    localStorage.removeItem(key);
  }
}

// Returns the entries that belong to no open page, as `{ keys, objects }`.
export async function findLeftovers() {
  const others = new Set();
  const listen = ({ data }) => {
    if (Array.isArray(data)) data.forEach((key) => others.add(key));
  };
  channel.addEventListener("message", listen);
  channel.postMessage("whose");
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  channel.removeEventListener("message", listen);
  const found = Object.entries({ ...localStorage }).filter(
    ([key]) => key.startsWith(PREFIX) && !own.has(key) && !others.has(key),
  );
  return {
    keys: found.map(([key]) => key),
    objects: found.flatMap(([, text]) => objectsIn(text)),
  };
}

// Replaces the entries with these keys by one entry with the remaining objects.
export function replaceLeftovers(keys, objects) {
  for (const key of keys) localStorage.removeItem(key);
  const key = `${PREFIX}left`;
  if (objects.length) localStorage.setItem(key, JSON.stringify(objects));
  return { keys: [key], objects };
}

// Another version of the page, or a user, may have written a text that is not valid.
function objectsIn(text) {
  try {
    const objects = JSON.parse(text);
    return Array.isArray(objects) ? objects : [];
  } catch {
    return [];
  }
}
