import { fill, fillPath } from "./templates.js";

const JSON_TYPE = "application/json";

// Returns the request of a step: method, path with query, headers, and body as text or null. `as` is
// the name of the token to send.
export function requestOf(step, values) {
  const query = new URLSearchParams(fill(step.query ?? {}, values)).toString();
  const headers = { Accept: step.stream ? "text/event-stream" : JSON_TYPE };
  let body = null;
  if (step.body !== undefined) {
    headers["Content-Type"] = JSON_TYPE;
    body = JSON.stringify(fill(step.body, values));
  }
  return {
    method: step.method,
    path: fillPath(step.path, values) + (query && `?${query}`),
    headers: { ...headers, ...fill(step.headers ?? {}, values) },
    body,
    as: step.as ?? "admin",
  };
}

// Returns the request of a GraphQL operation.
export function graphqlRequest(query, variables) {
  return requestOf(
    { method: "POST", path: "/graphql", body: { query: "{query}", variables: "{variables}" } },
    { query, variables },
  );
}

// Returns a curl command for a request, with shell variables in place of tokens.
export function curlOf(request, server) {
  const parts = [`curl ${quote(address(request, server))}`];
  if (request.method !== "GET" && !(request.method === "POST" && request.body !== null)) {
    parts.push(`--request ${request.method}`);
  }
  if (request.as !== "nobody") {
    parts.push(`--header "Authorization: $${request.as.toUpperCase()}_TOKEN"`);
  }
  for (const [name, value] of Object.entries(request.headers)) {
    if (name !== "Accept" || value !== JSON_TYPE) parts.push(`--header ${quote(`${name}: ${value}`)}`);
  }
  if (request.body !== null) parts.push(`--data ${quote(pretty(request.body))}`);
  return parts.join(" \\\n  ");
}

export function address(request, server) {
  return new URL(request.path.replace(/^\//, ""), server).href;
}

// Returns JSON with line breaks, and any other text unchanged.
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
