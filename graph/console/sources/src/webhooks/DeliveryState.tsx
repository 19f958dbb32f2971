import { stateWords } from "./delivery.ts";
import type { Delivery } from "./delivery.ts";
import { Badge } from "../parts/Badge.tsx";

/** The state of a delivery as a badge. */
export function DeliveryState({ delivery }: { delivery: Pick<Delivery, "state" | "attempts"> }) {
  const { text, tone } = stateWords(delivery);
  return <Badge tone={tone}>{text}</Badge>;
}
