import { ensure, equal, includes, named } from "../engine/checks.js";

const DEFAULT = "/api/admin/projects/{project}/features/{payments}/environments/default";

function featureIn({ event }, name) {
  const { events } = JSON.parse(event.data);
  const found = events.find(({ feature }) => feature?.name === name);
  ensure(found, "The event should contain the toggle.");
  return found.feature;
}

export const incident = {
  id: "incident",
  title: "Use a kill switch",
  summary:
    "Payments fail at night, and somebody switches them off. Applications that are connected to a stream get the change at once.",
  names: { payments: "payments" },
  tokens: ["client"],
  steps: [
    {
      title: "Create the kill switch",
      method: "POST",
      path: "/api/admin/features",
      body: {
        name: "{payments}",
        type: "kill-switch",
        project: "{project}",
        enabled: true,
        strategies: [{ name: "default" }],
      },
      makes: [["toggle", "{payments}"]],
      status: 201,
      expected: "Payments are on for everybody.",
      check: ({ body }) => equal(body.enabled, true, "The field enabled"),
    },
    {
      title: "Connect an application to the stream",
      why: "Instead of polling, SDKs in streaming mode keep this connection open.",
      as: "client",
      method: "GET",
      path: "/api/client/streaming",
      stream: "toggles",
      firstEvent: true,
      events: ["unleash-connected"],
      expected: "The first event contains all toggles. Payments are on.",
      check: ({ event }, { payments }) => {
        const hydration = JSON.parse(event.data).events.find(({ type }) => type === "hydration");
        const feature = named(hydration.features, payments, "The list of toggles");
        equal(feature.enabled, true, "The field enabled");
      },
    },
    {
      title: "Connect an application that polls for changes",
      why: "The answer to the first poll contains all toggles. Its ETag identifies their revision.",
      as: "client",
      method: "GET",
      path: "/api/client/delta",
      expected: "The answer contains all toggles and has an ETag.",
      check: ({ body, headers }) => {
        equal(body.events[0].type, "hydration", "The type of the event");
        ensure(headers.etag, "The answer should have an ETag.");
      },
      keep: { known: ["the header ETag", ({ headers }) => headers.etag] },
    },
    {
      title: "Connect an OpenFeature provider",
      why: "The events of this stream say that something has changed, but not what.",
      as: "client",
      method: "GET",
      path: "/ofrep/v1/events",
      stream: "flags",
      expected: "The stream is open.",
    },
    {
      title: "Switch payments off",
      method: "POST",
      path: `${DEFAULT}/off`,
      expected: "Payments are off.",
    },
    {
      title: "Receive the change over the stream",
      listen: "toggles",
      events: ["unleash-updated"],
      expected: "The event contains the toggle, which is off.",
      check: (answer, { payments }) =>
        equal(featureIn(answer, payments).enabled, false, "The field enabled"),
    },
    {
      title: "Receive the change with OpenFeature",
      listen: "flags",
      expected: "The event asks the provider to evaluate again.",
      check: ({ event }) => includes(event.data, "refetch", "The event"),
    },
    {
      title: "Request the changes since the first poll",
      why: "An application that was offline requests the changes since the revision of its last poll.",
      as: "client",
      method: "GET",
      path: "/api/client/delta",
      headers: { "If-None-Match": "{known}" },
      expected: "The answer contains the toggle, which is off.",
      check: ({ body }, { payments }) => {
        const features = body.events.flatMap((event) => event.features ?? event.feature ?? []);
        const feature = named(features, payments, "The list of toggles");
        equal(feature.enabled, false, "The field enabled");
      },
    },
    {
      title: "Read the state in the environment",
      method: "GET",
      path: DEFAULT,
      expected: "Payments are off in the environment default.",
      check: ({ body }) => equal(body.enabled, false, "The field enabled"),
    },
    {
      title: "Switch payments on again",
      why: "The incident is over.",
      method: "POST",
      path: "/api/admin/features/{payments}/toggle/on",
      body: {},
      expected: "Payments are on.",
      check: ({ body }) => equal(body.enabled, true, "The field enabled"),
    },
    {
      title: "Receive the second change over the stream",
      listen: "toggles",
      events: ["unleash-updated"],
      expected: "The event contains the toggle, which is on.",
      check: (answer, { payments }) =>
        equal(featureIn(answer, payments).enabled, true, "The field enabled"),
    },
    {
      title: "Find the incident in the audit log",
      method: "GET",
      path: "/api/admin/events/{payments}",
      expected: "The audit log contains both changes, with their times and their actor.",
      check: ({ body }) => {
        ensure(body.events.length >= 3, "The log should contain at least three events.");
        ensure(
          body.events.every(({ createdBy, createdAt }) => createdBy && createdAt),
          "Each event should have a time and an author.",
        );
      },
    },
  ],
};
