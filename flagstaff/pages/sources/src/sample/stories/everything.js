import { dataOf, ensure, equal, includes, named } from "../engine/checks.js";
import { addons } from "./addons.js";
import { installation } from "./installation.js";
import { several } from "./several.js";

const LEGACY = "/api/admin/features/{old}";
const FEATURE = "/api/admin/projects/{project}/features/{child}";
const CREATE_ENVIRONMENT = `mutation CreateEnvironment($name: String!) {
  environmentCreate(input: { name: $name }) {
    environment { name enabled }
    errors { code message path }
  }
}`;

function server(step) {
  return { method: "GET", ...step };
}

const health = [
  server({
    title: "List the entry points of the server",
    as: "nobody",
    path: "/",
    expected: "The answer has the name and the version of the server, and links.",
    check: ({ body }) => equal(body.name, "flagstaff", "The name"),
  }),
  server({
    title: "Read the description of the API",
    as: "nobody",
    path: "/openapi.json",
    expected: "The answer is an OpenAPI document that describes every operation.",
    check: ({ body }) => ensure(body.openapi.startsWith("3."), "The version should be 3."),
  }),
  server({
    title: "Read the GraphQL schema",
    path: "/schema.graphql",
    expected: "The answer describes all types, fields and arguments.",
    check: ({ text }) => ensure(text.includes("type Query"), "The schema should have queries."),
  }),
  server({
    title: "Check that the process runs",
    as: "nobody",
    path: "/health",
    expected: "The process runs.",
    check: ({ body }) => equal(body.health, "GOOD", "The field health"),
  }),
  server({
    title: "Check that the server can serve toggles",
    as: "nobody",
    path: "/ready",
    expected: "The server is ready.",
  }),
  server({
    title: "Read the metrics for Prometheus",
    as: "nobody",
    path: "/metrics",
    expected: "The answer describes each metric in a line that begins with # HELP.",
    check: ({ text }) => ensure(text.includes("# HELP "), "The answer should describe metrics."),
  }),
  server({
    title: "List the parts of the API",
    as: "nobody",
    path: "/api",
    expected: "The answer has links to the admin API and to the client API.",
    check: ({ body }) => equal(Object.keys(body.links), ["admin", "client"], "The links"),
  }),
  server({
    title: "List the parts of the admin API",
    path: "/api/admin",
    expected: "The answer has links to toggles, strategies, events and more.",
    check: ({ body }) => includes(Object.keys(body.links), "feature-toggles", "The links"),
  }),
  server({
    title: "Ask the frontend API for its health",
    as: "frontend",
    path: "/api/frontend/health",
    status: 405,
    expected: "The frontend API has no route for the health, so that frontends cannot monitor the server.",
  }),
  server({
    title: "Ask the frontend API for the toggles",
    as: "frontend",
    path: "/api/frontend/client/features",
    status: 405,
    expected: "The frontend API returns only decisions, and no toggles with their strategies.",
  }),
];

const tags = [
  server({
    title: "Check the name of a tag type",
    method: "POST",
    path: "/api/admin/tag-types/validate",
    body: { name: "{type}", description: "Which squad owns it." },
    expected: "The tag type can be created.",
  }),
  server({
    title: "Create a tag type",
    method: "POST",
    path: "/api/admin/tag-types",
    body: { name: "{type}", description: "Which squad owns it.", icon: "S" },
    makes: [["tag type", "{type}"]],
    status: 201,
    expected: "The tag type exists.",
  }),
  server({
    title: "List the tag types",
    path: "/api/admin/tag-types",
    expected: "The list contains the tag type.",
    check: ({ body }, { type }) => named(body.tagTypes, type, "The list"),
  }),
  server({
    title: "Change the tag type",
    method: "PUT",
    path: "/api/admin/tag-types/{type}",
    body: { description: "The squad that owns it.", icon: "Q" },
    expected: "The tag type has been changed.",
  }),
  server({
    title: "Read the tag type",
    path: "/api/admin/tag-types/{type}",
    expected: "The tag type has the new icon.",
    check: ({ body }) => equal(body.tagType.icon, "Q", "The icon"),
  }),
  server({
    title: "Create a tag that no toggle has yet",
    method: "POST",
    path: "/api/admin/tags",
    body: { type: "{type}", value: "{squad}" },
    makes: [["tag", "{type}:{squad}"]],
    status: 201,
    expected: "The tag exists.",
  }),
  server({
    title: "List all tags",
    path: "/api/admin/tags",
    expected: "The list contains the tag.",
    check: ({ body }, { squad }) =>
      includes(body.tags.map(({ value }) => value), squad, "The list"),
  }),
  server({
    title: "List the tags of this type",
    path: "/api/admin/tags/{type}",
    expected: "The list contains only this tag.",
    check: ({ body }, { squad }) =>
      equal(
        body.tags.map(({ value }) => value),
        [squad],
        "The list",
      ),
  }),
  server({
    title: "Read the tag",
    path: "/api/admin/tags/{type}/{squad}",
    expected: "The answer contains the type and the value of the tag.",
    check: ({ body }, { squad }) => equal(body.tag.value, squad, "The value"),
  }),
];

const legacy = [
  server({
    title: "Create a toggle over the API of Unleash 3",
    method: "POST",
    path: "/api/admin/features",
    body: {
      name: "{old}",
      type: "release",
      project: "{project}",
      enabled: false,
      strategies: [{ name: "default" }],
    },
    makes: [["toggle", "{old}"]],
    status: 201,
    expected: "The toggle exists and is off.",
  }),
  server({
    title: "Replace the toggle",
    method: "PUT",
    path: LEGACY,
    body: {
      name: "{old}",
      description: "Replaced.",
      type: "release",
      project: "{project}",
      enabled: false,
      strategies: [{ name: "default" }],
    },
    expected: "The toggle has been replaced.",
  }),
  server({
    title: "List all toggles",
    path: "/api/admin/features",
    query: { namePrefix: "{old}" },
    expected: "The list contains the toggle with its new description.",
    check: ({ body }, { old }) =>
      equal(named(body.features, old, "The list").description, "Replaced.", "The description"),
  }),
  server({
    title: "Read the toggle",
    path: LEGACY,
    expected: "The toggle is off.",
    check: ({ body }) => equal(body.enabled, false, "The field enabled"),
  }),
  server({
    title: "Switch the toggle to the other state",
    method: "POST",
    path: `${LEGACY}/toggle`,
    body: {},
    expected: "The toggle is on.",
    check: ({ body }) => equal(body.enabled, true, "The field enabled"),
  }),
  server({
    title: "Switch the toggle off",
    method: "POST",
    path: `${LEGACY}/toggle/off`,
    body: {},
    expected: "The toggle is off.",
    check: ({ body }) => equal(body.enabled, false, "The field enabled"),
  }),
  server({
    title: "Mark the toggle as not stale",
    method: "POST",
    path: `${LEGACY}/stale/off`,
    body: {},
    expected: "The toggle is not stale.",
    check: ({ body }) => equal(body.stale, false, "The field stale"),
  }),
  server({
    title: "Add the tag to the toggle",
    method: "POST",
    path: `${LEGACY}/tags`,
    body: { type: "{type}", value: "{squad}" },
    status: 201,
    expected: "The toggle has the tag.",
  }),
  server({
    title: "Remove the tag from the toggle",
    method: "DELETE",
    path: `${LEGACY}/tags/{type}/{squad}`,
    expected: "The toggle has no tag.",
  }),
  server({
    title: "Delete the tag",
    method: "DELETE",
    path: "/api/admin/tags/{type}/{squad}",
    expected: "The tag has been deleted.",
  }),
  server({
    title: "Delete the tag type",
    method: "DELETE",
    path: "/api/admin/tag-types/{type}",
    expected: "The tag type has been deleted.",
  }),
];

const projects = [
  server({
    title: "List the toggle types",
    path: "/api/admin/feature-types",
    expected: "The list contains the toggle type release, with its expected lifetime.",
    check: ({ body }) => {
      const type = body.types.find(({ id }) => id === "release");
      ensure(type?.lifetimeDays > 0, "The type should have a lifetime.");
    },
  }),
  server({
    title: "Create a toggle that depends on the first one",
    method: "POST",
    path: "/api/admin/projects/{project}/features",
    body: { name: "{child}", type: "release" },
    makes: [["toggle", "{child}"]],
    status: 201,
    expected: "The toggle exists.",
  }),
  server({
    title: "Change the type of the second toggle",
    method: "PUT",
    path: FEATURE,
    body: { type: "permission", description: "Needs the other toggle." },
    expected: "The second toggle has the new type.",
    check: ({ body }) => equal(body.type, "permission", "The type"),
  }),
  server({
    title: "Make the second toggle depend on the first",
    method: "POST",
    path: `${FEATURE}/dependencies`,
    body: { feature: "{old}" },
    expected: "The second toggle can be on only if the first toggle is on.",
  }),
  server({
    title: "Remove this dependency",
    method: "DELETE",
    path: `${FEATURE}/dependencies/{old}`,
    expected: "The second toggle has no dependencies.",
  }),
  server({
    title: "Make the second toggle depend on the first again",
    method: "POST",
    path: `${FEATURE}/dependencies`,
    body: { feature: "{old}" },
    expected: "The second toggle can be on only if the first toggle is on.",
  }),
  server({
    title: "Remove all dependencies of the second toggle",
    method: "DELETE",
    path: `${FEATURE}/dependencies`,
    expected: "The second toggle has no dependencies.",
  }),
  server({
    title: "Archive the toggle",
    method: "DELETE",
    path: LEGACY,
    expected: "The toggle is archived.",
  }),
  server({
    title: "List the newest changes",
    path: "/api/admin/events",
    expected: "The list contains the archiving of the toggle.",
    check: ({ text }, { old }) => ensure(text.includes(old), "The list should name the toggle."),
  }),
];

const environments = [
  server({
    title: "Create an environment",
    why: "Environments are created with GraphQL. The story creates its own environment, so it changes no existing environment.",
    method: "POST",
    path: "/graphql",
    body: { query: CREATE_ENVIRONMENT, variables: { name: "{stage}" } },
    makes: [["environment", "{stage}"]],
    expected: "The environment exists and is enabled.",
    check: (answer) =>
      equal(dataOf(answer).environmentCreate.environment.enabled, true, "The field enabled"),
  }),
  server({
    title: "List the environments",
    path: "/api/admin/environments",
    expected: "The list contains the environment.",
    check: ({ body }, { stage }) => named(body.environments, stage, "The list"),
  }),
  server({
    title: "Disable the environment",
    method: "POST",
    path: "/api/admin/environments/{stage}/off",
    status: 204,
    expected: "The environment is disabled.",
  }),
  server({
    title: "Read the environment",
    path: "/api/admin/environments/{stage}",
    expected: "The environment is disabled.",
    check: ({ body }) => equal(body.enabled, false, "The field enabled"),
  }),
  server({
    title: "Enable the environment",
    method: "POST",
    path: "/api/admin/environments/{stage}/on",
    status: 204,
    expected: "The environment is enabled again.",
  }),
];

const tokens = [
  server({
    title: "List the API tokens",
    path: "/api/admin/api-tokens",
    expected: "The list contains the token of this story. The secrets are empty.",
    check: ({ body }, { frontendTokenName }) => {
      includes(
        body.tokens.map(({ tokenName }) => tokenName),
        frontendTokenName,
        "The list",
      );
      equal(
        [...new Set(body.tokens.map(({ secret }) => secret))],
        [""],
        "The secrets",
      );
    },
  }),
  server({
    title: "Check tokens, as Unleash Edge does",
    as: "nobody",
    method: "POST",
    path: "/edge/validate",
    body: { tokens: ["*:development.unknown"] },
    expected: "The server does not know the token.",
    check: ({ body }) => equal(body.tokens, [], "The valid tokens"),
  }),
  server({
    title: "Let the frontend token expire",
    method: "PUT",
    path: "/api/admin/api-tokens/{frontendTokenId}",
    body: { expiresAt: "2999-01-01T00:00:00.000Z" },
    expected: "The token has a time of expiry.",
  }),
  server({
    title: "Find the frontend token by its name",
    path: "/api/admin/api-tokens/{frontendTokenName}",
    expected: "The list contains only this token, with the time of expiry.",
    check: ({ body }) =>
      equal(
        body.tokens.map(({ expiresAt }) => expiresAt),
        ["2999-01-01T00:00:00.000Z"],
        "The times of expiry",
      ),
  }),
  server({
    title: "Revoke the frontend token",
    why: "The path names the token by its ID, never by its secret.",
    method: "DELETE",
    path: "/api/admin/api-tokens/{frontendTokenId}",
    expected: "The token is revoked.",
  }),
  server({
    title: "Try to use the revoked token",
    as: "frontend",
    path: "/api/frontend",
    status: 401,
    expected: "The server no longer accepts the token.",
  }),
];

export const everything = {
  id: "everything",
  title: "Call all other operations",
  summary: "This story calls the operations that no other story uses: health, tags, the routes of Unleash 3, dependencies, changes of several toggles, addons, environments and tokens.",
  names: {
    old: "old",
    child: "child",
    first: "first",
    copied: "copied",
    type: "squad",
    squad: "squad-red",
    stage: "stage",
    web: "web",
    qa: "qa",
    addon: "addon",
    imported: "imported",
  },
  tokens: ["frontend"],
  steps: [
    ...health,
    ...tags,
    ...legacy,
    ...projects,
    ...several,
    ...addons,
    ...installation,
    ...environments,
    ...tokens,
  ],
};
