import { API } from "../app/base.ts";

/** Return a command that sends an operation; the token is a variable of the shell. */
export function curlOf(query: string, variables: unknown): string {
  const body = JSON.stringify({ query, variables });
  return [
    `curl ${quote(API.href)}`,
    `-H "Authorization: $TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `--data ${quote(body)}`,
  ].join(" \\\n  ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
