import { API } from "../app/base.ts";

/** Return a command that sends an operation. The command reads the token from a shell variable. */
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
