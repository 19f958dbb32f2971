import { equal, excludes, includes, named } from "../engine/checks.js";

const FEATURE = "/api/admin/projects/{project}/features/{banner}";
const STRATEGIES = `${FEATURE}/environments/default/strategies`;

function enabledNames({ body }) {
  return body.toggles.map(({ name }) => name);
}

export const targeting = {
  id: "targeting",
  title: "Target with your own rules",
  summary:
    "A shop describes its customers with a context field, groups constraints in a segment, and defines a strategy that its own code implements.",
  names: {
    banner: "banner",
    plan: "plan",
    premium: "premium-customers",
    byStore: "by-store",
  },
  tokens: ["client", "frontend"],
  steps: [
    {
      title: "Check the name of a context field",
      method: "POST",
      path: "/api/admin/context/validate",
      body: { name: "{plan}" },
      expected: "The name can be used.",
    },
    {
      title: "Create the context field",
      why: "Legal values prevent typing errors in constraints.",
      method: "POST",
      path: "/api/admin/context",
      body: {
        name: "{plan}",
        description: "The plan of a customer.",
        legalValues: ["free", "premium"],
      },
      makes: [["context field", "{plan}"]],
      status: 201,
      expected: "The field exists and has two legal values.",
      check: ({ body }) => equal(body.legalValues, ["free", "premium"], "The legal values"),
    },
    {
      title: "List the context fields",
      method: "GET",
      path: "/api/admin/context",
      expected: "The list contains the field.",
      check: ({ body }, { plan }) => named(body, plan, "The list"),
    },
    {
      title: "Add a legal value",
      method: "PUT",
      path: "/api/admin/context/{plan}",
      body: {
        description: "The plan of a customer.",
        legalValues: ["free", "premium", "trial"],
        stickiness: true,
      },
      expected: "The field has been changed.",
    },
    {
      title: "Read the context field",
      method: "GET",
      path: "/api/admin/context/{plan}",
      expected: "The field has three legal values, and can be used for stickiness.",
      check: ({ body }) => {
        equal(body.legalValues, ["free", "premium", "trial"], "The legal values");
        equal(body.stickiness, true, "The field stickiness");
      },
    },
    {
      title: "Describe a legal value",
      why: "A value with a description is an object in the answers.",
      method: "POST",
      path: "/api/admin/context/{plan}/legal-values",
      body: { value: "team", description: "Several customers." },
      expected: "The field has another legal value.",
    },
    {
      title: "Remove the legal value",
      method: "DELETE",
      path: "/api/admin/context/{plan}/legal-values/team",
      expected: "The field has three legal values again.",
    },
    {
      title: "Create a segment",
      why: "A segment is a list of constraints that several strategies can share.",
      method: "POST",
      path: "/api/admin/segments",
      body: {
        name: "{premium}",
        description: "Customers who pay.",
        constraints: [{ contextName: "{plan}", operator: "IN", values: ["premium"] }],
      },
      makes: [["segment", "{premium}"]],
      status: 201,
      expected: "The segment exists.",
      keep: { segment: ["the field id", ({ body }) => body.id] },
    },
    {
      title: "List the segments",
      method: "GET",
      path: "/api/admin/segments",
      expected: "The list contains the segment.",
      check: ({ body }, { premium }) => named(body.segments, premium, "The list"),
    },
    {
      title: "Add trial customers to the segment",
      method: "PUT",
      path: "/api/admin/segments/{segment}",
      body: {
        name: "{premium}",
        constraints: [{ contextName: "{plan}", operator: "IN", values: ["premium", "trial"] }],
      },
      status: 204,
      expected: "The segment has been changed.",
    },
    {
      title: "Read the segment",
      method: "GET",
      path: "/api/admin/segments/{segment}",
      expected: "The constraint of the segment contains both plans.",
      check: ({ body }) =>
        equal(body.constraints[0].values, ["premium", "trial"], "The values of the constraint"),
    },
    {
      title: "Define a strategy",
      why: "The server stores the name and the parameters of the strategy. The applications implement its decision in their code.",
      method: "POST",
      path: "/api/admin/strategies",
      body: {
        name: "{byStore}",
        description: "On for customers of some stores.",
        parameters: [{ name: "stores", type: "list", description: "The stores.", required: true }],
      },
      makes: [["strategy", "{byStore}"]],
      status: 201,
      expected: "The strategy exists.",
      check: ({ body }, { byStore }) => equal(body.name, byStore, "The name"),
    },
    {
      title: "List the strategies",
      method: "GET",
      path: "/api/admin/strategies",
      expected: "The list contains the strategy and the built-in strategies.",
      check: ({ body }, { byStore }) => {
        named(body.strategies, byStore, "The list");
        named(body.strategies, "flexibleRollout", "The list");
      },
    },
    {
      title: "Change the description of the strategy",
      method: "PUT",
      path: "/api/admin/strategies/{byStore}",
      body: {
        description: "On for customers of the stores in the list.",
        parameters: [{ name: "stores", type: "list", description: "The stores.", required: true }],
      },
      expected: "The strategy has been changed.",
    },
    {
      title: "Read the strategy",
      method: "GET",
      path: "/api/admin/strategies/{byStore}",
      expected: "The strategy has the new description.",
      check: ({ body }) =>
        equal(body.description, "On for customers of the stores in the list.", "The description"),
    },
    {
      title: "Create a toggle that uses the strategy",
      method: "POST",
      path: "/api/admin/features",
      body: {
        name: "{banner}",
        type: "release",
        project: "{project}",
        enabled: true,
        strategies: [{ name: "{byStore}", parameters: { stores: "Berlin,Vienna" } }],
      },
      makes: [["toggle", "{banner}"]],
      status: 201,
      expected: "The toggle uses the strategy.",
      check: ({ body }, { byStore }) => equal(body.strategies[0].name, byStore, "The strategy"),
    },
    {
      title: "Show the banner to the segment as well",
      method: "POST",
      path: STRATEGIES,
      body: {
        name: "flexibleRollout",
        parameters: { rollout: "100", stickiness: "default", groupId: "{banner}" },
        constraints: [],
        segments: ["{segment}"],
      },
      expected: "The toggle has a second strategy, which uses the segment.",
      check: ({ body }, { segment }) => equal(body.segments, [segment], "The segments"),
      keep: { forSegment: ["the field id", ({ body }) => body.id] },
    },
    {
      title: "List the strategies of the toggle",
      method: "GET",
      path: STRATEGIES,
      expected: "The toggle has two strategies, in this order.",
      check: ({ body }, { byStore }) =>
        equal(
          body.map(({ name }) => name),
          [byStore, "flexibleRollout"],
          "The strategies",
        ),
      keep: { own: ["the field id of the first strategy", ({ body }) => body[0].id] },
    },
    {
      title: "Evaluate for a premium customer",
      as: "frontend",
      method: "GET",
      path: "/api/frontend",
      query: { userId: "7", "properties[{plan}]": "premium" },
      expected: "The banner is on.",
      check: (answer, { banner }) => includes(enabledNames(answer), banner, "The list"),
    },
    {
      title: "Evaluate for a customer without a plan",
      why: "The server cannot evaluate the shop's own strategy, so it treats the strategy as not matching.",
      as: "frontend",
      method: "GET",
      path: "/api/frontend",
      query: { userId: "7", "properties[{plan}]": "free" },
      expected: "The banner is off.",
      check: (answer, { banner }) => excludes(enabledNames(answer), banner, "The list"),
    },
    {
      title: "See what SDKs get",
      as: "client",
      method: "GET",
      path: "/api/client/features/{banner}",
      expected: "SDKs get both strategies. The parameters of the shop's own strategy contain the names of stores.",
      check: ({ body }, { byStore }) =>
        equal(
          named(body.strategies, byStore, "The list of strategies").parameters,
          { stores: "Berlin,Vienna" },
          "The parameters",
        ),
    },
    {
      title: "Mark the strategy as deprecated",
      method: "POST",
      path: "/api/admin/strategies/{byStore}/deprecate",
      body: {},
      expected: "A deprecated strategy still works, but should not be used for new toggles.",
    },
    {
      title: "Undo the deprecation",
      method: "POST",
      path: "/api/admin/strategies/{byStore}/reactivate",
      body: {},
      expected: "The strategy is no longer deprecated.",
    },
    {
      title: "Try to delete the strategy",
      why: "A toggle uses the strategy, so deleting it would change decisions of SDKs.",
      method: "DELETE",
      path: "/api/admin/strategies/{byStore}",
      status: 409,
      expected: "The server refuses the request, because a toggle uses the strategy.",
    },
    {
      title: "Remove the strategy from the toggle",
      method: "DELETE",
      path: `${STRATEGIES}/{own}`,
      expected: "The toggle has one strategy left.",
    },
    {
      title: "Delete the strategy",
      method: "DELETE",
      path: "/api/admin/strategies/{byStore}",
      expected: "The strategy has been deleted.",
    },
    {
      title: "Remove the other strategy",
      method: "DELETE",
      path: `${STRATEGIES}/{forSegment}`,
      expected: "The toggle has no strategy any more, so the server has switched it off.",
    },
    {
      title: "Delete the segment",
      method: "DELETE",
      path: "/api/admin/segments/{segment}",
      status: 204,
      expected: "The segment has been deleted.",
    },
    {
      title: "Delete the context field",
      method: "DELETE",
      path: "/api/admin/context/{plan}",
      expected: "The field has been deleted.",
    },
  ],
};
