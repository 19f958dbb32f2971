// The changes that the playground assumes, which the address contains as JSON.
import { parseChanges } from "../../app/proposal.ts";
import type { ChangeInput } from "../../gql/playground.ts";

export interface Assumed {
  changes: ChangeInput[];
  /** The reason why the text cannot be read. */
  problem: string | undefined;
}

/** Read changes from an address. The server checks the content of each change. */
export function parseAssumed(text: string): Assumed {
  if (text === "") return { changes: [], problem: undefined };
  const changes = parseChanges(text);
  if (changes) return { changes, problem: undefined };
  return { changes: [], problem: "The address contains assumed changes that cannot be read." };
}

/** Return the changes with a switch of a toggle in an environment. It replaces an earlier switch. */
export function withSwitch(changes: readonly ChangeInput[], name: string, environment: string, enabled: boolean): ChangeInput[] {
  const others = changes.filter(
    ({ toggleSetEnabled }) => toggleSetEnabled?.name !== name || toggleSetEnabled.environment !== environment,
  );
  return [...others, { toggleSetEnabled: { name, environment, enabled } }];
}

/** Return a short text for an assumed change: what it does, and to which object. */
export function assumedWords(change: ChangeInput): { kind: string; text: string } {
  const { toggleSetEnabled } = change;
  if (toggleSetEnabled?.name) {
    const { name, environment, enabled } = toggleSetEnabled;
    return { kind: "switch", text: `${name} ${enabled ? "on" : "off"} in ${environment ?? "default"}` };
  }
  const [[operation, input] = ["", {}]] = Object.entries(change) as [string, Readonly<Record<string, unknown>>][];
  const object = [input["name"], input["toggle"]].find((text) => typeof text === "string");
  return { kind: operation.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`), text: String(object ?? "") };
}
