import { equal, excludes, includes } from "../engine/checks.js";

const PROJECT = "/api/admin/projects/{project}";
const FEATURES = `${PROJECT}/features`;
const FIRST = `${FEATURES}/{first}`;
const CONFIGURED = `${FIRST}/environments/default`;
const BULK = `${PROJECT}/bulk_features/environments/default`;

const EXPORT = {
  project: "{project}",
  environment: "default",
  data: {
    features: [{ name: "{imported}", type: "release", project: "{project}" }],
    featureEnvironments: [],
    featureStrategies: [],
    contextFields: [],
    featureTags: [],
    segments: [],
    tagTypes: [],
    dependencies: [],
    links: [],
  },
};

const SWATCH = { weightType: "variable", stickiness: "default" };

// Steps of the story "everything": changes of single fields, copies, and changes of several toggles.
export const several = [
  {
    title: "Create a toggle for patches",
    method: "POST",
    path: FEATURES,
    body: { name: "{first}", type: "release" },
    makes: [["toggle", "{first}"]],
    status: 201,
    expected: "The toggle exists.",
  },
  {
    title: "Change a single field of the toggle",
    why: "A JSON patch changes the fields that it names. All other fields stay as they are.",
    method: "PATCH",
    path: FIRST,
    body: [{ op: "replace", path: "/description", value: "Patched." }],
    expected: "Only the description has changed.",
    check: ({ body }) => equal(body.description, "Patched.", "The description"),
  },
  {
    title: "Roll the toggle out to a tenth of all users",
    method: "POST",
    path: `${CONFIGURED}/strategies`,
    body: { name: "flexibleRollout", parameters: { rollout: "10" } },
    expected: "The toggle has a strategy.",
    keep: { rollout: ["the field id", ({ body }) => body.id] },
  },
  {
    title: "Increase the percentage of the rollout",
    method: "PATCH",
    path: `${CONFIGURED}/strategies/{rollout}`,
    body: [{ op: "replace", path: "/parameters/rollout", value: "50" }],
    expected: "The strategy reaches half of all users.",
    check: ({ body }) => equal(body.parameters.rollout, "50", "The percentage"),
  },
  {
    title: "Take all segments off the strategy",
    method: "POST",
    path: "/api/admin/segments/strategies",
    body: {
      projectId: "{project}",
      environmentId: "default",
      strategyId: "{rollout}",
      segmentIds: [],
    },
    status: 201,
    expected: "The strategy has no segments.",
  },
  {
    title: "List the segments of the strategy",
    method: "GET",
    path: "/api/admin/segments/strategies/{rollout}",
    expected: "The list is empty.",
    check: ({ body }) => equal(body.segments, [], "The segments"),
  },
  {
    title: "Search for the toggle",
    method: "GET",
    path: "/api/admin/search/features",
    query: { query: "{first}", project: "IS:{project}", state: "IS:active" },
    expected: "The search finds the toggle.",
    check: ({ body }, { first }) =>
      equal(
        body.features.map(({ name }) => name),
        [first],
        "The toggles",
      ),
  },
  {
    title: "Search for the events of the toggle",
    method: "GET",
    path: "/api/admin/search/events",
    query: { feature: "IS:{first}", type: "IS:feature-strategy-add" },
    expected: "The newest event added the strategy.",
    check: ({ body }, { rollout }) => equal(body.events[0].data.id, rollout, "The strategy"),
  },
  {
    title: "Explain the decision about the toggle",
    method: "POST",
    path: "/api/admin/playground",
    body: {
      environment: "default",
      projects: ["{project}"],
      context: { appName: "sample", userId: "1" },
    },
    expected: "The toggle is off in the environment.",
    check: ({ body }, { first }) =>
      equal(
        body.features.find(({ name }) => name === first).isEnabledInCurrentEnvironment,
        false,
        "The state",
      ),
  },
  {
    title: "Explain the decisions for two users",
    method: "POST",
    path: "/api/admin/playground/advanced",
    body: {
      environments: ["default"],
      projects: ["{project}"],
      context: { appName: "sample", userId: "1,2" },
    },
    expected: "The toggle has two decisions.",
    check: ({ body }, { first }) =>
      equal(
        body.features.find(({ name }) => name === first).environments.default.length,
        2,
        "The number of decisions",
      ),
  },
  {
    title: "Export the toggle with its settings in the environment",
    method: "POST",
    path: "/api/admin/features-batch/export",
    body: { environment: "default", features: ["{first}"] },
    expected: "The export contains the toggle and the strategy.",
    check: ({ body }, { first, rollout }) => {
      equal(body.features[0].name, first, "The toggle");
      equal(body.featureStrategies[0].id, rollout, "The strategy");
    },
  },
  {
    title: "Check whether an export can be imported",
    method: "POST",
    path: "/api/admin/features-batch/validate",
    body: EXPORT,
    expected: "There are no errors.",
    check: ({ body }) => equal(body.errors, [], "The errors"),
  },
  {
    title: "Import the export",
    method: "POST",
    path: "/api/admin/features-batch/import",
    body: EXPORT,
    makes: [["toggle", "{imported}"]],
    expected: "The toggle of the export exists.",
  },
  {
    title: "Sort the strategies",
    method: "POST",
    path: `${CONFIGURED}/strategies/set-sort-order`,
    body: [{ id: "{rollout}", sortOrder: 0 }],
    expected: "The order is complete, because the toggle has only one strategy.",
  },
  {
    title: "Give the toggle a variant in the environment",
    method: "PUT",
    path: `${FIRST}/variants-batch`,
    body: {
      environments: ["default"],
      variants: [{ ...SWATCH, name: "amber", weight: 1000 }],
    },
    expected: "The variant has the whole weight.",
  },
  {
    title: "Add a second variant",
    method: "PATCH",
    path: `${CONFIGURED}/variants`,
    body: [{ op: "add", path: "/-", value: { ...SWATCH, name: "teal", weight: 0 } }],
    expected: "Both variants have the same weight.",
    check: ({ body }) =>
      equal(
        body.variants.map(({ weight }) => weight),
        [500, 500],
        "The weights",
      ),
  },
  {
    title: "Add a tag to the toggle",
    method: "PUT",
    path: "/api/admin/features/{first}/tags",
    body: { addedTags: [{ type: "simple", value: "{first}" }], removedTags: [] },
    makes: [["tag", "simple:{first}"]],
    expected: "The toggle has the tag.",
    check: ({ body }, { first }) =>
      includes(
        body.tags.map(({ value }) => value),
        first,
        "The list",
      ),
  },
  {
    title: "Create a copy of the toggle",
    method: "POST",
    path: `${FIRST}/clone`,
    body: { name: "{copied}" },
    makes: [["toggle", "{copied}"]],
    status: 201,
    expected: "The copy has the strategy of the toggle, and is off.",
  },
  {
    title: "Remove the tag from both toggles",
    method: "PUT",
    path: `${PROJECT}/tags`,
    body: {
      features: ["{first}", "{copied}"],
      tags: { addedTags: [], removedTags: [{ type: "simple", value: "{first}" }] },
    },
    expected: "No toggle has the tag.",
  },
  {
    title: "Switch both toggles on",
    method: "POST",
    path: `${BULK}/on`,
    body: { features: ["{first}", "{copied}"] },
    expected: "Both toggles are on in the environment.",
  },
  {
    title: "Switch both toggles off",
    method: "POST",
    path: `${BULK}/off`,
    body: { features: ["{first}", "{copied}"] },
    expected: "Both toggles are off.",
  },
  {
    title: "Mark both toggles as stale",
    method: "POST",
    path: `${PROJECT}/stale`,
    body: { features: ["{first}", "{copied}"], stale: true },
    status: 202,
    expected: "Both toggles are stale.",
  },
  {
    title: "Archive both toggles",
    method: "POST",
    path: `${PROJECT}/archive`,
    body: { features: ["{first}", "{copied}"] },
    status: 202,
    expected: "Both toggles are archived.",
  },
  {
    title: "Revive the first toggle",
    method: "POST",
    path: `${PROJECT}/revive`,
    body: { features: ["{first}"] },
    expected: "The toggle is live again.",
  },
  {
    title: "Delete the copy",
    method: "POST",
    path: `${PROJECT}/delete`,
    body: { features: ["{copied}"] },
    expected: "The copy has been deleted.",
  },
  {
    title: "Archive the first toggle again",
    method: "DELETE",
    path: FIRST,
    status: 202,
    expected: "The toggle is archived.",
  },
  {
    title: "Delete the first toggle",
    method: "DELETE",
    path: "/api/admin/archive/{first}",
    expected: "The toggle has been deleted.",
  },
  {
    title: "List the toggles of the project",
    method: "GET",
    path: FEATURES,
    expected: "Neither toggle exists.",
    check: ({ body }, { first, copied }) => {
      const names = body.features.map(({ name }) => name);
      excludes(names, first, "The list");
      excludes(names, copied, "The list");
    },
  },
];
