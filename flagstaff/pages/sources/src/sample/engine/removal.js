import { SignedOutError, UnreachableError } from "./client.js";
import { graphqlRequest, requestOf } from "./requests.js";

const REMOVED = [200, 202, 204, 404];

async function remove(client, path, values) {
  const answer = await client.send(requestOf({ method: "DELETE", path }, values));
  if (!REMOVED.includes(answer.status)) {
    throw new Error(answer.body?.message ?? answer.body?.details?.[0]?.message ?? answer.text);
  }
}

function byName(path) {
  return (client, name) => remove(client, `${path}/{name}`, { name });
}

// Removes an object whose path contains an ID that the server has chosen.
function byId(path, find) {
  return async (client, name) => {
    const { body } = await client.send(requestOf({ method: "GET", path }, {}));
    const id = find(body, name)?.id;
    if (id !== undefined) await remove(client, `${path}/{id}`, { id });
  };
}

// Removes a tag, given as `type:value`.
function byTypeAndValue(path) {
  return (client, name) => {
    const [type, value] = name.split(":");
    return remove(client, `${path}/{type}/{value}`, { type, value });
  };
}

// `patience_ms` is the maximum time until the object exists. A `shared` object is not removed while
// it is in use.
function byMutation(mutation, { patience_ms = 0, shared = false } = {}) {
  const query = `mutation Remove($name: String!) {
  ${mutation}(input: { name: $name }) { errors { code message } }
}`;
  return async (client, name) => {
    const deadline = performance.now() + patience_ms;
    for (;;) {
      const { body } = await client.send(graphqlRequest(query, { name }));
      const problem = body?.errors?.[0] ?? body?.data?.[mutation].errors[0];
      if (!problem) return;
      if (shared && problem.code === "IN_USE") return;
      if (problem.code !== "NOT_FOUND") throw new Error(problem.message);
      if (performance.now() > deadline) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };
}

const named = (list, name) => list.find((item) => item.name === name);

// The functions that remove objects of each kind. In the order of removal, objects come before the
// objects that they use.
const REMOVERS = {
  toggle: [byName("/api/admin/features"), byMutation("toggleDelete")],
  segment: [byId("/api/admin/segments", ({ segments }, name) => named(segments, name))],
  strategy: [byName("/api/admin/strategies")],
  "context field": [byName("/api/admin/context")],
  tag: [byTypeAndValue("/api/admin/tags")],
  "tag type": [byName("/api/admin/tag-types")],
  addon: [
    byId("/api/admin/addons", ({ addons }, name) =>
      addons.find(({ description }) => description === name),
    ),
  ],
  // The server processes registrations and reports up to two seconds after they were sent.
  application: [byMutation("applicationDelete", { patience_ms: 3000 })],
  token: [
    byId("/api/admin/api-tokens", ({ tokens }, name) =>
      tokens.find(({ tokenName }) => tokenName === name),
    ),
  ],
  environment: [byMutation("environmentDelete")],
  project: [byMutation("projectDelete", { shared: true })],
};

// Removes objects, given as `{ kind, name }`. Returns the number of removed objects, the objects that
// still exist, and the problems as sentences. Missing objects are not a problem.
export async function removeAll(client, objects) {
  const kinds = Object.keys(REMOVERS);
  // The newest objects are removed first, because they may depend on older ones.
  const ordered = objects
    .toReversed()
    .sort((one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind));
  const left = [];
  const problems = [];
  for (const [index, object] of ordered.entries()) {
    try {
      for (const remover of REMOVERS[object.kind]) await remover(client, object.name);
    } catch (error) {
      if (error instanceof UnreachableError || error instanceof SignedOutError) {
        left.push(...ordered.slice(index));
        problems.push(error.message);
        break;
      }
      left.push(object);
      problems.push(error.message);
    }
  }
  return { removed: objects.length - left.length, left: left.toReversed(), problems };
}
