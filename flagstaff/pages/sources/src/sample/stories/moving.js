import { dataOf, ensure, equal, includes, named } from "../engine/checks.js";
import { fill } from "../engine/templates.js";

const IMPORT = `mutation Import($content: String!, $dryRun: Boolean!) {
  stateImport(
    input: { source: { content: $content }, comment: "Sample application", dryRun: $dryRun }
  ) {
    errors { message path }
    changes { summary subjectName }
    changeSet { id }
  }
}`;
const UNDO = `mutation Undo($id: ID!) {
  changeSetRevert(input: { id: $id, comment: "Sample application" }) {
    errors { message }
    changes { summary subjectName }
    changeSet { id }
  }
}`;
const ROLLOUT = {
  name: "flexibleRollout",
  parameters: { rollout: "25", stickiness: "default", groupId: "{moved}" },
};
// An export of another Flagstaff server, and an export of an Unleash 3 server.
const DOCUMENT = {
  format: "flagstaff",
  version: 1,
  toggles: [
    {
      name: "{moved}",
      description: "Comes from another installation.",
      type: "release",
      project: "{project}",
      environments: [{ environment: "default", enabled: true, strategies: [ROLLOUT] }],
    },
  ],
};
const UNLEASH_DOCUMENT = {
  version: 1,
  features: [
    {
      name: "{here}",
      description: "Comes from another installation.",
      type: "release",
      project: "{project}",
      enabled: true,
      strategies: [ROLLOUT],
    },
  ],
};

export const moving = {
  id: "moving",
  title: "Move an installation",
  summary:
    "Toggles are moved from one server to another: an export, a preview of the import, the import, and its undo.",
  names: { here: "stays-here", moved: "moved" },
  values: (values) => ({ document: JSON.stringify(fill(DOCUMENT, values)) }),
  steps: [
    {
      title: "Create a toggle on this server",
      method: "POST",
      path: "/api/admin/features",
      body: {
        name: "{here}",
        type: "operational",
        project: "{project}",
        enabled: true,
        strategies: [{ name: "default" }],
      },
      makes: [["toggle", "{here}"]],
      status: 201,
      expected: "The toggle exists.",
      check: ({ body }, { here }) => equal(body.name, here, "The name"),
    },
    {
      title: "Export everything",
      why: "The document has the format of Unleash 3. Flagstaff and Unleash up to version 5 can import it.",
      method: "GET",
      path: "/api/admin/state/export",
      expected: "The document contains the toggle.",
      check: ({ body }, { here }) => named(body.features, here, "The document"),
    },
    {
      title: "Preview an import",
      why: "A dry run imports nothing. It describes every change with a sentence.",
      method: "POST",
      path: "/graphql",
      body: { query: IMPORT, variables: { content: "{document}", dryRun: true } },
      expected: "The import would create one toggle.",
      check: (answer, { moved }) => {
        const { changes, changeSet } = dataOf(answer).stateImport;
        includes(changes.map(({ subjectName }) => subjectName), moved, "The list of changes");
        equal(changeSet, null, "The change set");
      },
    },
    {
      title: "See that nothing has changed",
      method: "GET",
      path: "/api/admin/features/{moved}",
      status: 404,
      expected: "The toggle does not exist.",
    },
    {
      title: "Import the document",
      method: "POST",
      path: "/graphql",
      body: { query: IMPORT, variables: { content: "{document}", dryRun: false } },
      makes: [["toggle", "{moved}"]],
      expected: "The import created the toggle. It is a change set, so it can be undone.",
      check: (answer) =>
        ensure(dataOf(answer).stateImport.changeSet, "The import should be a change set."),
      keep: { changeSet: ["the ID of the change set", ({ body }) => body.data.stateImport.changeSet.id] },
    },
    {
      title: "Read the imported toggle",
      method: "GET",
      path: "/api/admin/features/{moved}",
      expected: "The toggle has a rollout of 25 %, as in the document.",
      check: ({ body }) => equal(body.strategies[0].parameters.rollout, "25", "The rollout"),
    },
    {
      title: "Undo the import",
      why: "Undoing reverts what the import changed, but not what others have changed since.",
      method: "POST",
      path: "/graphql",
      body: { query: UNDO, variables: { id: "{changeSet}" } },
      expected: "The toggle has been removed.",
      check: (answer, { moved }) => {
        const { changes } = dataOf(answer).changeSetRevert;
        includes(changes.map(({ subjectName }) => subjectName), moved, "The list of changes");
      },
    },
    {
      title: "See that the toggle was removed",
      method: "GET",
      path: "/api/admin/features/{moved}",
      status: 404,
      expected: "The toggle does not exist any more.",
    },
    {
      title: "Import a document over the REST API of Unleash",
      why: "With the parameter keep, the import does not change existing objects.",
      method: "POST",
      path: "/api/admin/state/import",
      query: { keep: "true" },
      body: UNLEASH_DOCUMENT,
      status: 202,
      expected: "The server has accepted the document.",
      check: ({ text }) => equal(text, "Accepted", "The answer"),
    },
    {
      title: "See that the existing toggle was not changed",
      method: "GET",
      path: "/api/admin/features/{here}",
      expected: "The toggle still has its own strategy, not the strategy of the document.",
      check: ({ body }) => equal(body.strategies[0].name, "default", "The strategy"),
    },
  ],
};
