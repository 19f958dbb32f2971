import { SERVER } from "../../shared/server.js";

// What a run has made and not removed yet, so that it can still be removed when the page was closed.
// There is an entry for each story of a run. Names and kinds are no secrets.
const PREFIX = `flagstaff:sample:${SERVER.pathname}:`;

export function storeMade(run, story, objects) {
  const key = `${PREFIX}${run}:${story}`;
  if (objects.length) localStorage.setItem(key, JSON.stringify(objects));
  else localStorage.removeItem(key);
}

export function readLeftovers() {
  return entries().flatMap(([, text]) => JSON.parse(text));
}

export function replaceLeftovers(objects) {
  for (const [key] of entries()) localStorage.removeItem(key);
  if (objects.length) localStorage.setItem(`${PREFIX}left`, JSON.stringify(objects));
}

function entries() {
  return Object.entries({ ...localStorage }).filter(([key]) => key.startsWith(PREFIX));
}
