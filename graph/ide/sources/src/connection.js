import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { createClient } from "graphql-ws";

const ADDRESS = new URL(window.location.pathname, window.location.origin);
const JSON_TYPES = "application/graphql-response+json, application/json";

function socketAddress() {
  const address = new URL(ADDRESS);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

function send(token, options) {
  const headers = new Headers(options.headers);
  headers.set("Accept", JSON_TYPES);
  if (token) headers.set("Authorization", token);
  return fetch(ADDRESS, { ...options, headers, credentials: "omit" });
}

const WHO_AM_I = "query WhoAmI { viewer { actor { name } tokenType canWrite } }";

// Returns the viewer that a token identifies. Throws an error with a sentence if the server refuses
// the token.
export async function whoHolds(token) {
  let answer;
  try {
    const response = await send(token, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query: WHO_AM_I }),
    });
    answer = await response.json();
  } catch {
    throw new Error("The server does not answer. Is it running?");
  }
  const viewer = answer.data?.viewer;
  if (viewer) return viewer;
  if (answer.errors?.[0]?.extensions?.code === "UNAUTHENTICATED") {
    throw new Error(token ? "The server does not know this token, or it has expired." : "");
  }
  throw new Error(answer.errors?.[0]?.message ?? "The server's answer is not valid.");
}

// Queries and mutations are sent by POST. Subscriptions share one WebSocket, opened on first use.
export function connect(token, onRefused) {
  const socket = createClient({
    url: socketAddress(),
    connectionParams: token ? { authorization: token } : {},
    retryAttempts: 3,
  });
  const fetcher = createGraphiQLFetcher({
    url: ADDRESS.href,
    enableIncrementalDelivery: false,
    wsClient: socket,
    fetch: async (_address, options) => {
      const response = await send(token, options);
      if (response.status === 401) onRefused();
      return response;
    },
  });
  return { fetcher, close: () => socket.dispose() };
}
