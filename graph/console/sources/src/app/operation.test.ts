import { expect, test } from "vitest";

import { curlOf, graphiqlOf, graphqlOf, pythonLiteral, pythonOf } from "./operation.ts";

const API = "https://flags.example/graphql";
const QUERY = "mutation Switch($input: In!) { switch(input: $input) { id } }";
const OPERATION = { query: QUERY, variables: { input: { name: "it's \\ \"on\"", enabled: true, tags: [], note: null } } };

test("a curl command quotes the body for the shell and does not contain the token", () => {
  const command = curlOf(OPERATION, API);

  expect(command).toContain(`-H "Authorization: $TOKEN"`);
  expect(command.split("--data ")[1]).toBe(`'${JSON.stringify(OPERATION).replaceAll("'", `'\\''`)}'`);
});

test("a Python program has the variables as literals of Python", () => {
  const program = pythonOf(OPERATION, API);

  expect(program).toContain(`"enabled": True,`);
  expect(program).toContain(`"note": None,`);
  expect(program).toContain(`os.environ["TOKEN"]`);
  expect(pythonLiteral([1, "a\nb", { empty: {} }])).toBe(`[\n    1,\n    "a\\nb",\n    {\n        "empty": {},\n    },\n]`);
});

test("quotation marks and backslashes of a document do not end the text of a Python program", () => {
  const program = pythonOf({ query: 'query { a(b: """c\\d""") }', variables: {} }, API);

  expect(program).toContain('query { a(b: \\"\\"\\"c\\\\d\\"\\"\\") }');
});

test("each line of the variables is a comment of the document", () => {
  const [, comment = ""] = graphqlOf(OPERATION).split("\n\n");

  expect(comment.trim().split("\n").every((line) => line.startsWith("# "))).toBe(true);
});

test("the fragment of GraphiQL's address contains the operation", () => {
  const address = new URL(graphiqlOf(OPERATION, API));
  const parameters = new URLSearchParams(address.hash.slice(1));

  expect(address.search).toBe("");
  expect(parameters.get("query")).toBe(QUERY);
  expect(JSON.parse(parameters.get("variables") ?? "")).toEqual(OPERATION.variables);
});
