import { ensure, equal, excludes, includes, named } from "../engine/checks.js";

const FEATURE = "/api/admin/projects/{project}/features/{checkout}";
const DEFAULT = `${FEATURE}/environments/default`;

const names = (list) => list.map(({ name }) => name);

function rollout(percentage) {
  return {
    name: "flexibleRollout",
    parameters: { rollout: percentage, stickiness: "userId", groupId: "{checkout}" },
    constraints: [],
  };
}

function ensureServedTo(percentage) {
  return ({ body }) => {
    equal(body.enabled, true, "The field enabled");
    equal(body.strategies[0].parameters.rollout, percentage, "The rollout");
  };
}

export const release = {
  id: "release",
  title: "Release a checkout",
  summary:
    "A team releases a new checkout to 5 % of its users, and then to all users. It reads the usage, and finally archives the toggle.",
  names: { checkout: "checkout", shop: "shop", tag: "checkout-team" },
  tokens: ["client"],
  steps: [
    {
      title: "List the projects",
      method: "GET",
      path: "/api/admin/projects",
      expected: "The list contains the project sample. All objects of the stories belong to this project.",
      check: ({ body }) => includes(body.projects.map(({ id }) => id), "sample", "The list"),
    },
    {
      title: "Check that the name is free",
      method: "POST",
      path: "/api/admin/features/validate",
      body: { name: "{checkout}" },
      expected: "The name can be used.",
    },
    {
      title: "Create the toggle",
      why: "A new toggle is off in every environment. Its code can be deployed before users see the feature.",
      method: "POST",
      path: "/api/admin/projects/{project}/features",
      body: { name: "{checkout}", type: "release", description: "The new checkout of the shop." },
      makes: [["toggle", "{checkout}"]],
      status: 201,
      expected: "The toggle exists and is off in every environment.",
      check: ({ body }) =>
        ensure(
          body.environments.every(({ enabled }) => !enabled),
          "The toggle should be off in every environment.",
        ),
    },
    {
      title: "Find the toggle in the project",
      method: "GET",
      path: "/api/admin/projects/{project}/features",
      expected: "The list of the project contains the toggle.",
      check: ({ body }, { checkout }) => named(body.features, checkout, "The list"),
    },
    {
      title: "Tag the toggle with its team",
      why: "Tags group toggles, for example by team.",
      method: "POST",
      path: "/api/admin/features/{checkout}/tags",
      body: { type: "simple", value: "{tag}" },
      makes: [["tag", "simple:{tag}"]],
      status: 201,
      expected: "The toggle has the tag.",
      check: ({ body }, { tag }) => equal(body.value, tag, "The tag"),
    },
    {
      title: "Read the tags of the toggle",
      method: "GET",
      path: "/api/admin/features/{checkout}/tags",
      expected: "The list contains only this tag.",
      check: ({ body }, { tag }) => equal(body.tags, [{ type: "simple", value: tag }], "The tags"),
    },
    {
      title: "Roll out to 5 %",
      why: "With the stickiness userId, each user gets the same decision every time.",
      method: "POST",
      path: `${DEFAULT}/strategies`,
      body: rollout("5"),
      expected: "The environment default has a gradual rollout to 5 %.",
      check: ({ body }) => equal(body.parameters.rollout, "5", "The rollout"),
      keep: { rollout: ["the field id", ({ body }) => body.id] },
    },
    {
      title: "Switch the toggle on",
      method: "POST",
      path: `${DEFAULT}/on`,
      expected: "The toggle is on in the environment default.",
    },
    {
      title: "See what SDKs get",
      why: "An SDK polls the toggles with its client token. It then decides for each user itself.",
      as: "client",
      method: "GET",
      path: "/api/client/features/{checkout}",
      expected: "SDKs get the toggle with a rollout of 5 %.",
      check: ensureServedTo("5"),
    },
    {
      title: "Widen the release to half of the users",
      method: "PUT",
      path: `${DEFAULT}/strategies/{rollout}`,
      body: rollout("50"),
      expected: "The rollout is 50 %.",
      check: ({ body }) => equal(body.parameters.rollout, "50", "The rollout"),
    },
    {
      title: "Read the strategy again",
      method: "GET",
      path: `${DEFAULT}/strategies/{rollout}`,
      expected: "The strategy has the new rollout.",
      check: ({ body }) => equal(body.parameters.rollout, "50", "The rollout"),
    },
    {
      title: "See what SDKs get now",
      as: "client",
      method: "GET",
      path: "/api/client/features/{checkout}",
      expected: "SDKs get the toggle with a rollout of 50 %.",
      check: ensureServedTo("50"),
    },
    {
      title: "Report usage, as an SDK does",
      as: "client",
      method: "POST",
      path: "/api/client/metrics",
      makes: [["application", "{shop}"]],
      body: {
        appName: "{shop}",
        instanceId: "shop-1",
        bucket: {
          start: "{hourAgo}",
          stop: "{now}",
          toggles: { "{checkout}": { yes: 48, no: 52 } },
        },
      },
      status: 202,
      expected: "The server has stored the report.",
    },
    {
      title: "Read the usage of the toggle",
      why: "The server adds a report to the counts within a few seconds.",
      method: "GET",
      path: "/api/admin/metrics/feature-toggles/{checkout}",
      patient: true,
      expected: "In the last hour, 48 evaluations gave on and 52 gave off.",
      check: ({ body }) => equal(body.lastHour, { yes: 48, no: 52 }, "The last hour"),
    },
    {
      title: "Release the feature to everybody",
      method: "PUT",
      path: `${DEFAULT}/strategies/{rollout}`,
      body: rollout("100"),
      expected: "The rollout is 100 %.",
      check: ({ body }) => equal(body.parameters.rollout, "100", "The rollout"),
    },
    {
      title: "Mark the toggle as stale",
      why: "A stale toggle still works. The mark means that the toggle should be removed from the code.",
      method: "POST",
      path: "/api/admin/features/{checkout}/stale/on",
      expected: "The toggle is stale.",
      check: ({ body }) => equal(body.stale, true, "The field stale"),
    },
    {
      title: "Archive the toggle",
      why: "When no code evaluates the toggle any more, it can be archived.",
      method: "DELETE",
      path: FEATURE,
      status: 202,
      expected: "The toggle is archived.",
    },
    {
      title: "Find the toggle in the archive",
      method: "GET",
      path: "/api/admin/archive/features",
      expected: "The archive contains the toggle.",
      check: ({ body }, { checkout }) => named(body.features, checkout, "The archive"),
    },
    {
      title: "See that SDKs no longer get the toggle",
      as: "client",
      method: "GET",
      path: "/api/client/features",
      expected: "The list for SDKs does not contain the toggle.",
      check: ({ body }, { checkout }) => excludes(names(body.features), checkout, "The list"),
    },
    {
      title: "Revive the toggle",
      why: "An archived toggle can be restored.",
      method: "POST",
      path: "/api/admin/archive/revive/{checkout}",
      body: {},
      expected: "The toggle is no longer archived.",
    },
    {
      title: "Read the revived toggle",
      method: "GET",
      path: FEATURE,
      expected: "The toggle is not archived. It is off in the environment default until somebody switches it on.",
      check: ({ body }) => {
        equal(body.archived, false, "The field archived");
        const environment = named(body.environments, "default", "The list of environments");
        equal(environment.enabled, false, "The switch in the environment default");
      },
    },
  ],
};
