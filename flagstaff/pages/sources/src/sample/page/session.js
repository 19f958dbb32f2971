import { SERVER } from "../../shared/server.js";
import { graphqlRequest } from "../engine/requests.js";

// The token is stored until the browser tab is closed, but never in an address, in local storage or
// in a cookie. The key contains the path, because a proxy may serve several servers under one host
// name, and a token must only be sent to its own server.
const KEY = `flagstaff:token:${SERVER.pathname}`;
const WHO_AM_I = "query WhoAmI { viewer { actor { name } tokenType canWrite } }";

export function readToken() {
  return sessionStorage.getItem(KEY) ?? "";
}

export function storeToken(token) {
  if (token) sessionStorage.setItem(KEY, token);
  else sessionStorage.removeItem(KEY);
}

// Returns the viewer that a token identifies. Throws an error with a sentence if the token does not
// permit changes. If a token is required but missing, the sentence is empty.
export async function whoHolds(token) {
  const { method, headers, body } = graphqlRequest(WHO_AM_I, {});
  let answer;
  try {
    const response = await fetch(new URL("graphql", SERVER), {
      method,
      headers: token ? { ...headers, Authorization: token } : headers,
      body,
      credentials: "omit",
    });
    answer = await response.json();
  } catch {
    throw new Error("The server does not answer. Is it running?");
  }
  const viewer = answer.data?.viewer;
  if (!viewer) {
    if (!token) throw new Error("");
    const { code, message } = answer.errors?.[0]?.extensions ?? {};
    if (code === "UNAUTHENTICATED") {
      throw new Error("The server does not know this token, or it has expired.");
    }
    throw new Error(message ?? answer.errors?.[0]?.message ?? "The server's answer is not valid.");
  }
  if (!viewer.canWrite) throw new Error("This token only reads. The stories need an admin token.");
  return viewer;
}
