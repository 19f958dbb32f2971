// An operation with its variables, in the formats in which people copy it.
import { API } from "./base.ts";

/** An operation of the API as a browser would send it. */
export interface Operation {
  /** The text of the document. */
  query: string;
  variables: unknown;
}

/** Return a document that has the variables in a comment, because a document cannot contain their values. */
export function graphqlOf({ query, variables }: Operation): string {
  const comment = JSON.stringify(variables, null, 2).replaceAll("\n", "\n# ");
  return `${query.trim()}\n\n# Variables:\n# ${comment}\n`;
}

/** Return a command that sends the operation. The command reads the token from a shell variable. */
export function curlOf(operation: Operation, api = API.href): string {
  return [
    `curl ${quoted(api)}`,
    `-H "Authorization: $TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `--data ${quoted(JSON.stringify(operation))}`,
  ].join(" \\\n  ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Return a program that sends the operation. It needs no packages, and reads the token from the variable `TOKEN`. */
export function pythonOf({ query, variables }: Operation, api = API.href): string {
  const text = query.trim().replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"');
  return `import json
import os
from urllib.request import Request, urlopen

QUERY = """
${text}
"""
VARIABLES = ${pythonLiteral(variables)}

request = Request(
    ${JSON.stringify(api)},
    json.dumps({"query": QUERY, "variables": VARIABLES}).encode(),
    {"Authorization": os.environ["TOKEN"], "Content-Type": "application/json"},
)
with urlopen(request) as response:
    print(json.dumps(json.load(response), indent=2))
`;
}

/** Return a value of JSON as an expression of Python. */
export function pythonLiteral(value: unknown, indent = ""): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const deeper = `${indent}    `;
  const items = Array.isArray(value)
    ? value.map((item) => pythonLiteral(item, deeper))
    : Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([name, field]) => `${JSON.stringify(name)}: ${pythonLiteral(field, deeper)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (items.length === 0) return `${open}${close}`;
  return `${open}\n${items.map((item) => `${deeper}${item},\n`).join("")}${indent}${close}`;
}

/** Return the address at which GraphiQL shows the operation without running it. */
export function graphiqlOf({ query, variables }: Operation, api = API.href): string {
  const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables, null, 2) });
  return `${api}#${parameters.toString()}`;
}
