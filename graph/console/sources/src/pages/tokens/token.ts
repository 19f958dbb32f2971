// What the types and the expiry of tokens mean.
import type { ApiTokenCreateInput, ApiTokenType, TokenPartsFragment } from "../../gql/tokens.ts";

export type Token = TokenPartsFragment;

export const TYPE_WORDS: Record<ApiTokenType, { title: string; meaning: string }> = {
  CLIENT: { title: "Servers (client)", meaning: "For SDKs on servers. They fetch the toggles and report their usage." },
  FRONTEND: { title: "Browsers and phones (frontend)", meaning: "For SDKs in browsers and phones. They get decisions, not the toggles." },
  ADMIN: { title: "Admins (admin)", meaning: "For people and programs that read and change everything, tokens included." },
  VIEWER: { title: "Readers (viewer)", meaning: "For people and programs that read everything except tokens." },
};

/** A token that does not exist yet, as the form shows it. */
export interface NewToken {
  name: string;
  type: ApiTokenType;
  environment: string;
  /** Empty means all projects. */
  projects: readonly string[];
  /** A time of the API, or an empty string for never. */
  expiresAt: string;
}

/** Whether tokens of a type are bound to an environment and can be bound to projects. */
export function hasScope(type: ApiTokenType): boolean {
  return type === "CLIENT" || type === "FRONTEND";
}

/** Return the input that creates a token. */
export function creationOf({ name, type, environment, projects, expiresAt }: NewToken): ApiTokenCreateInput {
  return {
    name: name.trim(),
    type,
    ...(hasScope(type) && { environment, projects: [...projects] }),
    expiresAt: expiresAt === "" ? null : expiresAt,
  };
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** Return the tone of an expiry at a time: it is over, it is near, or neither. */
export function expiryTone(expiresAt: string | null, now: number): "bad" | "warn" | undefined {
  if (expiresAt === null) return undefined;
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return "bad";
  return left < SOON_DAYS * DAY_MS ? "warn" : undefined;
}

/** Return the time some days from now, as a time of the API. */
export function inDays(days: number, now: number): string {
  return `${new Date(now + days * DAY_MS).toISOString().slice(0, 19)}Z`;
}
