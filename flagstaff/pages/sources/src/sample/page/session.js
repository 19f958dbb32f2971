import { SERVER } from "../../shared/server.js";
import { graphqlRequest } from "../engine/requests.js";

// The token lives as long as the browser tab: never in an address, in local storage or in a cookie.
// A proxy may have several servers under one host name; none gets another one's token.
const KEY = `flagstaff:token:${SERVER.pathname}`;
const WHO_AM_I = "query WhoAmI { viewer { actor { name } tokenType canWrite } }";

export function readToken() {
  return sessionStorage.getItem(KEY) ?? "";
}

export function storeToken(token) {
  if (token) sessionStorage.setItem(KEY, token);
  else sessionStorage.removeItem(KEY);
}

// Who holds a token. Throws a sentence if the server lets nobody with it change things; without a
// token the sentence is empty.
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
