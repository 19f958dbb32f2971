import { SERVER } from "../../shared/server.js";

// What a run has made and not removed yet, so that it can still be removed when the page was closed.
// There is an entry for each story of a run. Names and kinds are no secrets.
const PREFIX = `flagstaff:sample:${SERVER.pathname}:`;
// Through this channel, a page asks the other tabs which entries are theirs.
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

// The entries that belong to no open page, as `{ keys, objects }`.
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

// Replace the entries with these keys by one with what is left of them.
export function replaceLeftovers(keys, objects) {
  for (const key of keys) localStorage.removeItem(key);
  const key = `${PREFIX}left`;
  if (objects.length) localStorage.setItem(key, JSON.stringify(objects));
  return { keys: [key], objects };
}

// Another version of the page, or somebody by hand, may have written the text.
function objectsIn(text) {
  try {
    const objects = JSON.parse(text);
    return Array.isArray(objects) ? objects : [];
  } catch {
    return [];
  }
}
