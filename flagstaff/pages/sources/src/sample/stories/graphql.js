import { dataOf, ensure, equal, includes } from "../engine/checks.js";

function graphql({ query, variables = {}, ...step }) {
  return { method: "POST", path: "/graphql", body: { query, variables }, ...step };
}

const CREATE = `mutation Create($name: String!, $project: String!) {
  toggleCreate(
    input: {
      name: $name
      project: $project
      description: "Free delivery for large orders."
      enabled: true
      strategies: [
        { name: "default", constraints: [{ contextName: "total", operator: NUM_GTE, values: ["50"] }] }
      ]
    }
  ) {
    toggle { name enabled }
    errors { code message path }
  }
}`;
const READ = `query Read($name: String!) {
  toggle(name: $name) {
    name
    stale
    project { name }
    environments { environment { name } enabled strategies { name } }
  }
}`;
const WHY = `query Why($names: [String!]) {
  playground(
    contexts: [
      { userId: "1", properties: [{ name: "total", value: "80" }] }
      { userId: "2", properties: [{ name: "total", value: "20" }] }
    ]
    filter: { names: $names }
  ) {
    nodes { evaluations { enabled explanation } }
  }
}`;
const CHANGE = `mutation Change($name: String!, $dryRun: Boolean!) {
  changeSetApply(
    input: {
      comment: "Sample application"
      dryRun: $dryRun
      changes: [
        { toggleUpdate: { name: $name, stale: true } }
        { toggleSetEnabled: { name: $name, enabled: false } }
      ]
    }
  ) {
    changes { summary }
    changeSet { id }
    errors { code message path }
  }
}`;
const UNDO = `mutation Undo($id: ID!) {
  changeSetRevert(input: { id: $id }) { changes { summary } errors { code message } }
}`;
const LOG = `query Log($names: [String!]) {
  events(filter: { toggles: $names }, last: 10) { nodes { summary actor { name } } }
}`;

function ensureState(answer, expected) {
  const { stale, environments } = dataOf(answer).toggle;
  const found = environments.find(({ environment }) => environment.name === "default");
  equal({ stale, enabled: found.enabled }, expected, "The toggle");
}

export const graphqlStory = {
  id: "graphql",
  title: "Do the same with GraphQL",
  summary:
    "An admin frontend creates a toggle, asks why it is on for one customer and off for another, changes several things at once, and takes them back.",
  names: { delivery: "free-delivery" },
  steps: [
    graphql({
      title: "Ask who you are",
      query: "query WhoAmI { viewer { actor { name } tokenType canWrite } }",
      expected: "You may change things.",
      check: (answer) => equal(dataOf(answer).viewer.canWrite, true, "The field canWrite"),
    }),
    graphql({
      title: "Create a toggle with a rule",
      why: "The toggle is on for orders of 50 or more.",
      query: CREATE,
      variables: { name: "{delivery}", project: "{project}" },
      makes: [["toggle", "{delivery}"]],
      expected: "The toggle exists and is on in the environment default.",
      check: (answer) => equal(dataOf(answer).toggleCreate.toggle.enabled, true, "The switch"),
    }),
    graphql({
      title: "Read exactly what a page needs",
      query: READ,
      variables: { name: "{delivery}" },
      expected: "The answer has the fields of the query and no others.",
      check: (answer) => equal(dataOf(answer).toggle.project.name, "sample", "The project"),
    }),
    {
      title: "Read the same with an address that can be cached",
      why: "Queries can also be sent by GET; the answer has an ETag.",
      method: "GET",
      path: "/graphql",
      query: { query: READ, variables: '{"name": "{delivery}"}' },
      expected: "The answer is the same, with an ETag.",
      check: (answer) => {
        equal(dataOf(answer).toggle.stale, false, "The field stale");
        ensure(answer.headers.etag, "The answer should have an ETag.");
      },
    },
    graphql({
      title: "Ask why",
      why: "The playground decides as SDKs do, and explains each decision. It stores nothing.",
      query: WHY,
      variables: { names: ["{delivery}"] },
      expected: "The toggle is on for an order of 80 and off for an order of 20, with the reasons.",
      check: (answer) => {
        const { evaluations } = dataOf(answer).playground.nodes[0];
        equal(
          evaluations.map(({ enabled }) => enabled),
          [true, false],
          "The decisions",
        );
      },
    }),
    graphql({
      title: "Try two changes without making them",
      query: CHANGE,
      variables: { name: "{delivery}", dryRun: true },
      expected: "The dry run describes both changes.",
      check: (answer) => {
        const { changes, changeSet } = dataOf(answer).changeSetApply;
        equal(changes.length, 2, "The number of changes");
        equal(changeSet, null, "The change set");
      },
    }),
    graphql({
      title: "Make both changes at once",
      why: "Either all changes of a change set are made, or none.",
      query: CHANGE,
      variables: { name: "{delivery}", dryRun: false },
      expected: "Both changes are made, in one change set.",
      check: (answer) =>
        ensure(dataOf(answer).changeSetApply.changeSet, "There should be a change set."),
      keep: { changeSet: ["the ID of the change set", ({ body }) => body.data.changeSetApply.changeSet.id] },
    }),
    graphql({
      title: "Read the toggle again",
      query: READ,
      variables: { name: "{delivery}" },
      expected: "The toggle is stale, and off.",
      check: (answer) => ensureState(answer, { stale: true, enabled: false }),
    }),
    graphql({
      title: "Take both changes back",
      query: UNDO,
      variables: { id: "{changeSet}" },
      expected: "The server restores the toggle.",
      check: (answer) =>
        ensure(dataOf(answer).changeSetRevert.changes.length, "The server should restore it."),
    }),
    graphql({
      title: "See that it is as before",
      query: READ,
      variables: { name: "{delivery}" },
      expected: "The toggle is not stale, and on.",
      check: (answer) => ensureState(answer, { stale: false, enabled: true }),
    }),
    graphql({
      title: "Read the audit log",
      query: LOG,
      variables: { names: ["{delivery}"] },
      expected: "The log tells the whole story, with its author.",
      check: (answer) => {
        const summaries = dataOf(answer).events.nodes.map(({ summary }) => summary);
        ensure(summaries.length >= 4, "The log should hold at least four events.");
        ensure(
          summaries.some((summary) => summary.startsWith("Created")),
          "The log should hold the creation.",
        );
      },
    }),
    graphql({
      title: "Make a mistake",
      why: "Errors that the caller can fix are part of the answer, with the path to the field.",
      query: CREATE,
      variables: { name: "{delivery}", project: "{project}" },
      expected: "The server refuses, since the name is taken.",
      check: ({ body }) => {
        const { errors } = body.data.toggleCreate;
        includes(
          errors.map(({ path }) => path.at(-1)),
          "name",
          "The list of fields with errors",
        );
      },
    }),
  ],
};
