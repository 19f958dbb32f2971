import { ensure, equal, includes, named } from "../engine/checks.js";

function applicationIn(list, name) {
  const found = list.find(({ appName }) => appName === name);
  ensure(found, `The list should contain ${name}.`);
  return found;
}

export const sdk = {
  id: "sdk",
  title: "Act as an SDK",
  summary:
    "An application registers, polls with an ETag, and reports usage. Its operators then find it in the list of applications.",
  names: { theme: "theme", service: "cart-service", proxied: "mobile-app", missing: "not-there" },
  tokens: ["client"],
  steps: [
    {
      title: "Create a toggle",
      method: "POST",
      path: "/api/admin/features",
      body: {
        name: "{theme}",
        type: "release",
        project: "{project}",
        enabled: true,
        strategies: [{ name: "default" }],
      },
      makes: [["toggle", "{theme}"]],
      status: 201,
      expected: "The toggle exists and is on.",
      check: ({ body }) => equal(body.enabled, true, "The field enabled"),
    },
    {
      title: "List the entry points for SDKs",
      as: "client",
      method: "GET",
      path: "/api/client",
      expected: "The answer has links to toggles, registration and metrics.",
      check: ({ body }) =>
        equal(Object.keys(body.links), ["feature-toggles", "register", "metrics"], "The links"),
    },
    {
      title: "Register",
      why: "An SDK registers when its application starts.",
      as: "client",
      method: "POST",
      path: "/api/client/register",
      body: {
        appName: "{service}",
        instanceId: "cart-1",
        sdkVersion: "sample:1.0.0",
        strategies: ["default", "flexibleRollout"],
        started: "{now}",
        interval: 15000,
      },
      makes: [["application", "{service}"]],
      status: 202,
      expected: "The server has stored the registration.",
    },
    {
      title: "Poll the toggles",
      as: "client",
      method: "GET",
      path: "/api/client/features",
      expected: "The answer contains the toggle.",
      check: ({ body }, { theme }) => named(body.features, theme, "The list"),
    },
    {
      title: "Poll only toggles whose names have a prefix",
      as: "client",
      method: "GET",
      path: "/api/client/features",
      query: { namePrefix: "{theme}" },
      expected: "The answer contains one toggle and has an ETag.",
      check: ({ body, headers }) => {
        equal(body.features.length, 1, "The number of toggles");
        ensure(headers.etag, "The answer should have an ETag.");
      },
      keep: { etag: ["the header ETag", ({ headers }) => headers.etag] },
    },
    {
      title: "Poll again",
      why: "The SDK sends the ETag of the last answer. Changes of toggles without the prefix do not change the ETag.",
      as: "client",
      method: "GET",
      path: "/api/client/features",
      query: { namePrefix: "{theme}" },
      headers: { "If-None-Match": "{etag}" },
      status: 304,
      expected: "The toggles have not changed, so the answer has no body.",
      check: ({ text }) => equal(text, "", "The body"),
    },
    {
      title: "Report usage",
      why: "The report also contains counts for a name that no toggle has.",
      as: "client",
      method: "POST",
      path: "/api/client/metrics",
      body: {
        appName: "{service}",
        instanceId: "cart-1",
        bucket: {
          start: "{hourAgo}",
          stop: "{now}",
          toggles: { "{theme}": { yes: 3, no: 1 }, "{missing}": { yes: 0, no: 2 } },
        },
      },
      status: 202,
      expected: "The server has stored the report.",
    },
    {
      title: "Report for other instances, like a proxy",
      as: "client",
      method: "POST",
      path: "/api/client/metrics/bulk",
      body: {
        applications: [
          {
            appName: "{proxied}",
            instanceId: "phone-1",
            strategies: ["default"],
            started: "{now}",
            interval: 60000,
          },
        ],
        metrics: [
          {
            featureName: "{theme}",
            appName: "{proxied}",
            environment: "default",
            timestamp: "{now}",
            yes: 2,
            no: 0,
          },
        ],
      },
      makes: [["application", "{proxied}"]],
      status: 202,
      expected: "The server has stored the registration and the counts.",
    },
    {
      title: "Find the applications",
      method: "GET",
      path: "/api/admin/metrics/applications",
      patient: true,
      expected: "The list contains both applications.",
      check: ({ body }, { service, proxied }) => {
        applicationIn(body.applications, service);
        applicationIn(body.applications, proxied);
      },
    },
    {
      title: "Describe an application",
      method: "POST",
      path: "/api/admin/metrics/applications/{service}",
      body: { description: "Keeps shopping carts.", icon: "shopping_cart" },
      status: 202,
      expected: "The server has stored the description.",
    },
    {
      title: "Read the application",
      method: "GET",
      path: "/api/admin/metrics/applications/{service}",
      patient: true,
      expected: "The answer contains the description, the instance, and the names of toggles that the application evaluates.",
      check: ({ body }, { theme }) => {
        equal(body.description, "Keeps shopping carts.", "The description");
        equal(body.instances[0]?.instanceId, "cart-1", "The instance");
        named(body.seenToggles, theme, "The list of names");
      },
    },
    {
      title: "List the names that each application evaluates",
      method: "GET",
      path: "/api/admin/metrics/seen-toggles",
      patient: true,
      expected: "The application evaluates the toggle, and a name that no toggle has.",
      check: ({ body }, { service, theme, missing }) => {
        const { seenToggles } = applicationIn(body, service);
        includes(seenToggles, theme, "The list");
        includes(seenToggles, missing, "The list");
      },
    },
    {
      title: "List the applications that evaluate each name",
      method: "GET",
      path: "/api/admin/metrics/seen-apps",
      patient: true,
      expected: "Both applications evaluate the toggle.",
      check: ({ body }, { service, proxied, theme }) => {
        applicationIn(body[theme] ?? [], service);
        applicationIn(body[theme] ?? [], proxied);
      },
    },
    {
      title: "Count all evaluations",
      method: "GET",
      path: "/api/admin/metrics/feature-toggles",
      patient: true,
      expected: "In the last hour, the evaluations of both applications together gave on 5 times and off once.",
      check: ({ body }, { theme }) => equal(body.lastHour[theme], { yes: 5, no: 1 }, "The counts"),
    },
    {
      title: "Delete the application",
      why: "If the application registers again, the server creates it again.",
      method: "DELETE",
      path: "/api/admin/metrics/applications/{service}",
      removes: [["application", "{service}"]],
      expected: "The application has been deleted.",
    },
  ],
};
