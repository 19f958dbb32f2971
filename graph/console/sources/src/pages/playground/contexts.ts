// The contexts of the playground: one line of text each, which is also a parameter of the address.
import type { ContextInput } from "../../gql/playground.ts";

const FIELDS = ["userId", "sessionId", "remoteAddress", "appName", "currentTime"] as const;

export interface Line {
  text: string;
  /** The context; undefined if the line cannot be read. */
  context: ContextInput | undefined;
  problem: string | undefined;
}

/**
 * Read contexts from text, one per line. A line is a JSON object with the fields of a context; all other fields
 * are properties, as are those of the field `properties`. A line that is no JSON object is the ID of a user.
 */
export function parseLines(text: string): Line[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map(parseLine);
}

/** Return a short name for a context, such as the ID of its user. */
export function contextName(context: ContextInput): string {
  const [property] = context.properties ?? [];
  if (context.userId) return context.userId;
  if (property) return `${property.name} ${property.value}`;
  return context.sessionId || context.remoteAddress || context.appName || "empty context";
}

function parseLine(text: string): Line {
  if (!text.startsWith("{")) return { text, context: { userId: text, properties: [] }, problem: undefined };
  try {
    return { text, context: contextOf(JSON.parse(text) as Record<string, unknown>), problem: undefined };
  } catch (error) {
    const reason = error instanceof SyntaxError ? "is not valid JSON" : (error as Error).message;
    return { text, context: undefined, problem: `The line ${shortened(text)} ${reason}.` };
  }
}

function contextOf(object: Record<string, unknown>): ContextInput {
  const { properties = {}, ...rest } = object;
  if (typeof properties !== "object" || properties === null || Array.isArray(properties)) {
    throw new TypeError("has properties that are no object");
  }
  const context: ContextInput = { properties: [] };
  const others: Record<string, unknown> = { ...properties };
  for (const [name, value] of Object.entries(rest)) {
    const field = FIELDS.find((known) => known === name);
    if (field) context[field] = textOf(name, value);
    else others[name] = value;
  }
  context.properties = Object.entries(others).map(([name, value]) => ({ name, value: textOf(name, value) }));
  return context;
}

function textOf(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new TypeError(`has no text, number or boolean in '${name}'`);
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
