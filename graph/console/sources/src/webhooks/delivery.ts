// The deliveries of webhooks in words.
import type { DeliveryPartsFragment, WebhookDeliveryState } from "../gql/webhooks.ts";

export type Delivery = DeliveryPartsFragment;

/** The states that the log can be narrowed to. */
export const STATES = [
  { value: "all", title: "All" },
  { value: "waiting", title: "Waiting" },
  { value: "delivered", title: "Delivered" },
  { value: "failed", title: "Failed" },
] as const;

export type StateChoice = (typeof STATES)[number]["value"];

/** Return the state of deliveries that a text of the address names; by default all. */
export function stateOf(text: string): StateChoice {
  return STATES.find(({ value }) => value === text)?.value ?? "all";
}

/** Return the states for the filter of the API; null for all. */
export function statesOf(choice: StateChoice): WebhookDeliveryState[] | null {
  return choice === "all" ? null : [choice.toUpperCase() as WebhookDeliveryState];
}

interface StateWords {
  text: string;
  tone: "good" | "warn" | "bad" | "plain";
}

/** Return the state of a delivery in a word. */
export function stateWords({ state, attempts }: Pick<Delivery, "state" | "attempts">): StateWords {
  if (state === "DELIVERED") return { text: "delivered", tone: "good" };
  if (state === "FAILED") return { text: "failed", tone: "bad" };
  return attempts === 0 ? { text: "waiting", tone: "plain" } : { text: "trying again", tone: "warn" };
}

/** Return what came back from the receiver at the last attempt. */
export function answerWords({ error, status, durationMs }: Pick<Delivery, "error" | "status" | "durationMs">): string {
  if (error !== null) return error;
  if (status === null) return "";
  return durationMs === null ? `${status}` : `${status} after ${durationMs} ms`;
}

/** Return what a test of a webhook found out, in a sentence. */
export function testWords(name: string, delivery: Delivery): { text: string; isFailure: boolean } {
  if (delivery.error !== null) return { text: `The test of ${name} failed. ${delivery.error}`, isFailure: true };
  return { text: `The receiver of ${name} answered ${answerWords(delivery)}.`, isFailure: false };
}
