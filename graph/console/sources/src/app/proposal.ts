// Proposals: links whose fragment has changes that somebody else reviews. Browsers do not send fragments to servers.
import { CHANGE_KINDS } from "./changeKinds.ts";
import type { ChangeInput } from "../gql/edits.ts";

const PARAMETER = "proposal=";
const MAX_LENGTH = 200_000;

/** Return the fragment that proposes changes. */
export function proposalFragment(changes: readonly ChangeInput[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(changes));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return `#${PARAMETER}${btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** Return a link to the current page that proposes changes. */
export function proposalLink(changes: readonly ChangeInput[]): string {
  const address = new URL(location.href);
  // The search may open another dialog.
  address.search = "";
  address.hash = proposalFragment(changes);
  return address.href;
}

export type Proposal = { changes: readonly ChangeInput[] } | { problem: string };

/** Return what the fragment of an address proposes, or undefined if it is no proposal. */
export function proposalIn(fragment: string): Proposal | undefined {
  if (!fragment.startsWith(`#${PARAMETER}`)) return undefined;
  const text = fragment.slice(PARAMETER.length + 1);
  if (text.length > MAX_LENGTH) return { problem: "The link is too long." };
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const changes = parseChanges(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (changes && changes.length > 0) return { changes };
  } catch {
    // The text has other characters, or was cut.
  }
  return { problem: "The link is incomplete, or comes from another version of the console." };
}

/** Return changes from JSON, or undefined if the text is something else. The server checks the fields of each change. */
export function parseChanges(text: string): ChangeInput[] | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return Array.isArray(content) && content.every(isChange) ? content : undefined;
  } catch {
    return undefined;
  }
}

function isChange(item: unknown): item is ChangeInput {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return false;
  const [[kind, fields] = ["", null], ...others] = Object.entries(item);
  return others.length === 0 && Object.hasOwn(CHANGE_KINDS, kind) && typeof fields === "object" && fields !== null;
}

/** Return the changes without the revisions that they expect, so that they apply to the objects as they are now. */
export function withoutRevisions(changes: readonly ChangeInput[]): ChangeInput[] {
  return changes.map((change) => {
    const entries = Object.entries(change).map(([kind, fields]) => {
      const { expectedRevision: _, ...others } = fields as { expectedRevision?: number };
      return [kind, others];
    });
    return Object.fromEntries(entries) as ChangeInput;
  });
}
