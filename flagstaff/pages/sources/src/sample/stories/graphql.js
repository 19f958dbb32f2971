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
  title: "Manage a toggle with GraphQL",
  summary:
    "An admin frontend creates a toggle, and asks why it is on for one customer and off for another. It then makes two changes in one change set, and undoes them.",
  names: { delivery: "free-delivery" },
  steps: [
    graphql({
      title: "Ask who you are",
      query: "query WhoAmI { viewer { actor { name } tokenType canWrite } }",
      expected: "The token allows changes.",
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
      title: "Read only the fields that a page needs",
      query: READ,
      variables: { name: "{delivery}" },
      expected: "The answer contains only the fields of the query.",
      check: (answer) => equal(dataOf(answer).toggle.project.name, "sample", "The project"),
    }),
    {
      title: "Send the same query with GET",
      why: "Answers to GET have an ETag, so clients can cache them.",
      method: "GET",
      path: "/graphql",
      query: { query: READ, variables: '{"name": "{delivery}"}' },
      expected: "The answer is the same as before, and has an ETag.",
      check: (answer) => {
        equal(dataOf(answer).toggle.stale, false, "The field stale");
        ensure(answer.headers.etag, "The answer should have an ETag.");
      },
    },
    graphql({
      title: "Ask why the toggle is on or off",
      why: "The playground makes the same decisions as SDKs, and explains each of them. It stores nothing.",
      query: WHY,
      variables: { names: ["{delivery}"] },
      expected: "The toggle is on for an order of 80 and off for an order of 20. The answer explains both decisions.",
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
      title: "Preview two changes",
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
      title: "Make both changes in one change set",
      why: "The server makes either all changes of a change set or none of them.",
      query: CHANGE,
      variables: { name: "{delivery}", dryRun: false },
      expected: "Both changes have been made.",
      check: (answer) =>
        ensure(dataOf(answer).changeSetApply.changeSet, "There should be a change set."),
      keep: { changeSet: ["the ID of the change set", ({ body }) => body.data.changeSetApply.changeSet.id] },
    }),
    graphql({
      title: "Read the toggle again",
      query: READ,
      variables: { name: "{delivery}" },
      expected: "The toggle is off, and stale.",
      check: (answer) => ensureState(answer, { stale: true, enabled: false }),
    }),
    graphql({
      title: "Undo both changes",
      query: UNDO,
      variables: { id: "{changeSet}" },
      expected: "The server has restored the toggle.",
      check: (answer) =>
        ensure(dataOf(answer).changeSetRevert.changes.length, "The server should restore it."),
    }),
    graphql({
      title: "See that the toggle is as it was before",
      query: READ,
      variables: { name: "{delivery}" },
      expected: "The toggle is on, and not stale.",
      check: (answer) => ensureState(answer, { stale: false, enabled: true }),
    }),
    graphql({
      title: "Read the audit log",
      query: LOG,
      variables: { names: ["{delivery}"] },
      expected: "The audit log contains all changes of this story, with their actor.",
      check: (answer) => {
        const summaries = dataOf(answer).events.nodes.map(({ summary }) => summary);
        ensure(summaries.length >= 4, "The log should contain at least four events.");
        ensure(
          summaries.some((summary) => summary.startsWith("Created")),
          "The log should contain the creation.",
        );
      },
    }),
    graphql({
      title: "Send a wrong request",
      why: "If the caller can fix an error, the payload contains it, with the path to the input field.",
      query: CREATE,
      variables: { name: "{delivery}", project: "{project}" },
      expected: "The server refuses the request, because the name is already in use.",
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
