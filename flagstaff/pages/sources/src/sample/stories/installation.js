import { ensure, equal, includes } from "../engine/checks.js";

const PROJECTS = "/api/admin/projects";
const WEB = `${PROJECTS}/{web}`;

// Steps of the story "everything": the installation, and projects and environments of today's Unleash.
export const installation = [
  {
    title: "Count the objects of the installation",
    method: "GET",
    path: "/api/admin/instance-admin/statistics",
    expected: "The answer names the version of Unleash whose API the server has.",
    check: ({ body }) => ensure(body.versionOSS.startsWith("8."), "The version should be 8."),
  },
  {
    title: "Read the settings for admin frontends",
    method: "GET",
    path: "/api/admin/ui-config",
    expected: "The settings contain limits.",
    check: ({ body }) => ensure(body.resourceLimits.constraints > 0, "There should be limits."),
  },
  {
    title: "Read whether the server refuses changes",
    method: "GET",
    path: "/api/admin/maintenance",
    expected: "The server has no maintenance mode.",
    check: ({ body }) => equal(body, { enabled: false }, "The answer"),
  },
  {
    title: "Read who sends the requests",
    method: "GET",
    path: "/api/admin/user",
    expected: "The token has the permission of admins.",
    check: ({ body }) => equal(body.permissions, [{ permission: "ADMIN" }], "The permissions"),
  },
  {
    title: "List the users",
    method: "GET",
    path: "/api/admin/user-admin",
    expected: "There are no users, only tokens.",
    check: ({ body }) => equal(body.users, [], "The users"),
  },
  {
    title: "Search for users",
    method: "GET",
    path: "/api/admin/user-admin/search",
    query: { q: "ada" },
    expected: "There are no users, only tokens.",
    check: ({ body }) => equal(body, [], "The users"),
  },
  {
    title: "Create an admin token that has already expired",
    method: "POST",
    path: "/api/admin/user/tokens",
    body: { description: "{web}", expiresAt: "2001-01-01T00:00:00Z" },
    status: 400,
    expected: "The server creates only tokens that can be used.",
  },
  {
    title: "Create a project",
    method: "POST",
    path: PROJECTS,
    body: { id: "{web}", name: "Web" },
    makes: [["project", "{web}"]],
    status: 201,
    expected: "The project exists.",
  },
  {
    title: "Rename the project",
    method: "PUT",
    path: WEB,
    body: { name: "The web" },
    expected: "The project has a new name. Its ID stays the same.",
  },
  {
    title: "Read the overview of the project",
    method: "GET",
    path: `${WEB}/overview`,
    expected: "The project has no toggles yet.",
    check: ({ body }) => {
      equal(body.name, "The web", "The name");
      equal(body.featureTypeCounts, [], "The numbers of toggles");
    },
  },
  {
    title: "Read the health of the project",
    method: "GET",
    path: `${WEB}/health-report`,
    expected: "No toggle is stale, so the health is 100 percent.",
    check: ({ body }) => equal(body.health, 100, "The health"),
  },
  {
    title: "List the environments of the project",
    method: "GET",
    path: "/api/admin/environments/project/{web}",
    expected: "Every project has every environment.",
    check: ({ body }) =>
      includes(
        body.environments.map(({ name }) => name),
        "default",
        "The list",
      ),
  },
  {
    title: "Give the project an environment",
    method: "POST",
    path: `${WEB}/environments`,
    body: { environment: "default" },
    expected: "The project has the environment already, so nothing changes.",
  },
  {
    title: "Take the environment from the project",
    method: "DELETE",
    path: `${WEB}/environments/default`,
    expected: "No toggle of the project is on in the environment, so nothing changes.",
  },
  {
    title: "Create a token that can access only the project",
    method: "POST",
    path: `${WEB}/api-tokens`,
    body: { tokenName: "{web}", type: "client", environment: "default" },
    makes: [["token", "{web}"]],
    status: 201,
    expected: "The answer contains the secret.",
    keep: { webToken: ["the field id", ({ body }) => body.id] },
  },
  {
    title: "List the tokens that can access the project",
    method: "GET",
    path: `${WEB}/api-tokens`,
    expected: "The list contains the token.",
    check: ({ body }, { web }) =>
      includes(
        body.tokens.map(({ tokenName }) => tokenName),
        web,
        "The list",
      ),
  },
  {
    title: "Revoke the token",
    method: "DELETE",
    path: `${WEB}/api-tokens/{webToken}`,
    expected: "The token is revoked.",
  },
  {
    title: "Delete the project",
    method: "DELETE",
    path: WEB,
    expected: "The project has been deleted.",
  },
  {
    title: "Create an environment over REST",
    method: "POST",
    path: "/api/admin/environments",
    body: { name: "{qa}", type: "test" },
    makes: [["environment", "{qa}"]],
    status: 201,
    expected: "The environment exists.",
  },
  {
    title: "Change the type of the environment",
    method: "PUT",
    path: "/api/admin/environments/update/{qa}",
    body: { type: "pre-production" },
    expected: "The environment has the new type.",
    check: ({ body }) => equal(body.type, "pre-production", "The type"),
  },
  {
    title: "Delete the environment",
    method: "DELETE",
    path: "/api/admin/environments/{qa}",
    expected: "The environment has been deleted.",
  },
  {
    title: "Read how often a toggle was evaluated within the last hour",
    method: "GET",
    path: "/api/admin/client-metrics/features/{old}",
    expected: "Nobody has evaluated the toggle.",
    check: ({ body }) => equal(body.lastHourUsage, [], "The usage"),
  },
  {
    title: "Read the counts of the toggle by hour",
    method: "GET",
    path: "/api/admin/client-metrics/features/{old}/raw",
    query: { hoursBack: "24" },
    expected: "There are no counts.",
    check: ({ body }) => equal(body.data, [], "The counts"),
  },
];
