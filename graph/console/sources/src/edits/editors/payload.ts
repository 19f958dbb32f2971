import type { PayloadDraft } from "../draft.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Return the reason why the server would refuse a payload, if it would. */
export function payloadProblem({ type, value }: PayloadDraft): string | undefined {
  if (value === "") return "Enter a value, or choose no payload.";
  if (type === "number" && !NUMBER.test(value)) return "This is not a number.";
  if (type !== "json") return undefined;
  try {
    JSON.parse(value);
    return undefined;
  } catch (error) {
    return `This is not JSON: ${(error as Error).message}`;
  }
}
