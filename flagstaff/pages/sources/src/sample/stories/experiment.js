import { ensure, equal, named } from "../engine/checks.js";

const DEFAULT = "/api/admin/projects/{project}/features/{button}/environments/default";
const USERS = Array.from({ length: 10 }, (_, number) => `user-${number + 1}`);

function variantOf(body, button) {
  return named(body.toggles, button, "The list of toggles that are on").variant;
}

function ensureKnown(variant) {
  ensure(
    ["green", "blue"].includes(variant.name),
    `The variant should be green or blue but is ${JSON.stringify(variant.name)}.`,
  );
}

export const experiment = {
  id: "experiment",
  title: "Run an experiment",
  summary:
    "An experiment compares two colours of a buy button. Each user always gets the same colour. The payload of the variant contains the colour that the shop shows.",
  names: { button: "buy-button", site: "web-shop" },
  tokens: ["client", "frontend"],
  steps: [
    {
      title: "Create the experiment",
      method: "POST",
      path: "/api/admin/features",
      body: {
        name: "{button}",
        type: "experiment",
        project: "{project}",
        description: "Which colour of the buy button sells more?",
        enabled: true,
        strategies: [{ name: "default" }],
      },
      makes: [["toggle", "{button}"]],
      status: 201,
      expected: "The toggle exists and is on for everybody, without variants.",
      check: ({ body }) => equal(body.enabled, true, "The field enabled"),
    },
    {
      title: "Add two variants",
      why: "Weights are in thousandths. Each variant gets half of the users. The ID of a user determines the variant.",
      method: "PUT",
      path: `${DEFAULT}/variants`,
      body: [
        {
          name: "green",
          weight: 500,
          weightType: "variable",
          stickiness: "userId",
          payload: { type: "json", value: '{"colour": "#0a7553"}' },
        },
        {
          name: "blue",
          weight: 500,
          weightType: "variable",
          stickiness: "userId",
          payload: { type: "json", value: '{"colour": "#1f62b8"}' },
        },
      ],
      expected: "The toggle has two variants with equal weights.",
      check: ({ body }) =>
        equal(
          body.variants.map(({ weight }) => weight),
          [500, 500],
          "The list of weights",
        ),
    },
    {
      title: "Read the variants",
      method: "GET",
      path: `${DEFAULT}/variants`,
      expected: "The list contains the variants blue and green.",
      check: ({ body }) =>
        equal(
          body.variants.map(({ name }) => name).toSorted(),
          ["blue", "green"],
          "The list of names",
        ),
    },
    {
      title: "Register the web shop",
      as: "frontend",
      method: "POST",
      path: "/api/frontend/client/register",
      makes: [["application", "{site}"]],
      body: {
        appName: "{site}",
        instanceId: "browser-1",
        strategies: ["default"],
        started: "{now}",
        interval: 15000,
      },
      status: 200,
      expected: "The server has stored the registration.",
    },
    {
      title: "Evaluate for the first user",
      why: "The frontend API evaluates toggles on the server, so browsers never get the strategies.",
      as: "frontend",
      method: "GET",
      path: "/api/frontend",
      query: { userId: "user-1" },
      expected: "The user gets one of the variants. The payload of the variant is its colour.",
      check: ({ body }, { button }) => {
        const variant = variantOf(body, button);
        ensureKnown(variant);
        ensure(JSON.parse(variant.payload.value).colour, "The payload should contain a colour.");
      },
      keep: {
        first: ["the name of the variant", ({ body }, { button }) => variantOf(body, button).name],
      },
    },
    {
      title: "Evaluate for the first user again",
      why: "This request sends the context in a body instead of the query string.",
      as: "frontend",
      method: "POST",
      path: "/api/frontend",
      body: { context: { userId: "user-1" } },
      expected: "The user gets the same variant as before.",
      check: ({ body }, { button, first }) =>
        equal(variantOf(body, button).name, first, "The variant"),
    },
    ...USERS.slice(1).map((user, number) => ({
      title: `Evaluate for ${user}`,
      as: "frontend",
      method: "GET",
      path: "/api/frontend",
      query: { userId: user },
      expected:
        number === USERS.length - 2
          ? "Each variant was chosen for at least one of these ten users."
          : "The user gets one of the variants.",
      keep: {
        seen: [
          "the names of all variants so far",
          ({ body }, { button, first, seen = [first] }) => [...seen, variantOf(body, button).name],
        ],
      },
      check: ({ body }, { button, seen }) => {
        const variant = variantOf(body, button);
        ensureKnown(variant);
        if (number === USERS.length - 2) {
          ensure(
            new Set([...seen, variant.name]).size === 2,
            "Both variants should occur among ten users.",
          );
        }
      },
    })),
    {
      title: "Evaluate with OpenFeature",
      why: "OpenFeature providers use the OpenFeature Remote Evaluation Protocol (OFREP).",
      as: "frontend",
      method: "POST",
      path: "/ofrep/v1/evaluate/flags/{button}",
      body: { context: { targetingKey: "user-1" } },
      expected: "The first user gets the same variant as over the frontend API.",
      check: ({ body }, { first }) => equal(body.variant, first, "The variant"),
    },
    {
      title: "Evaluate all flags with OpenFeature",
      as: "frontend",
      method: "POST",
      path: "/ofrep/v1/evaluate/flags",
      body: { context: { targetingKey: "user-1" } },
      expected: "The list of flags contains the experiment.",
      check: ({ body }, { button, first }) => {
        const flag = body.flags.find(({ key }) => key === button);
        equal(flag?.variant, first, "The variant");
      },
    },
    {
      title: "Report how often each variant was shown",
      as: "frontend",
      method: "POST",
      path: "/api/frontend/client/metrics",
      body: {
        appName: "{site}",
        instanceId: "browser-1",
        bucket: {
          start: "{hourAgo}",
          stop: "{now}",
          toggles: { "{button}": { yes: 10, no: 0, variants: { green: 6, blue: 4 } } },
        },
      },
      status: 200,
      expected: "The server has stored the report.",
    },
    {
      title: "Compare the variants",
      method: "POST",
      path: "/graphql",
      body: {
        query: `query Compare($name: String!) {
  toggle(name: $name) { metrics(hoursBack: 2) { environment { name } buckets { yes variants { name count } } } }
}`,
        variables: { name: "{button}" },
      },
      patient: true,
      expected: "The green button was shown 6 times, and the blue button 4 times.",
      check: ({ body }) => {
        const counts = {};
        for (const { buckets } of body.data.toggle.metrics) {
          for (const { variants } of buckets) {
            for (const { name, count } of variants) counts[name] = (counts[name] ?? 0) + count;
          }
        }
        equal([counts.green, counts.blue], [6, 4], "The counts of green and blue");
      },
    },
    {
      title: "End the experiment",
      why: "All users get the better variant.",
      method: "PUT",
      path: `${DEFAULT}/variants`,
      body: [{ name: "green", weight: 1000, weightType: "variable", stickiness: "userId" }],
      expected: "Green is the only variant.",
      check: ({ body }) => equal(body.variants.length, 1, "The number of variants"),
    },
  ],
};
