// The words of the button that applies or schedules the changes of a review.
import type { PlannedChange } from "./ChangeCard.tsx";
import type { Schedule } from "./ScheduleFields.tsx";
import type { EventType } from "../gql/edits.ts";

/** Planned changes; `changes` may be only some of them. */
interface PlannedWords {
  changes: readonly Pick<PlannedChange, "type" | "subjectName">[];
  changeCount: number;
}

const VERBS: Partial<Record<EventType, string>> = {
  TOGGLE_ENABLED: "Switch on",
  TOGGLE_DISABLED: "Switch off",
  TOGGLE_ARCHIVED: "Archive",
  TOGGLE_REVIVED: "Revive",
  TOGGLE_DELETED: "Delete",
};

/** Return what a button does with changes, such as `Archive 3 toggles`, `Apply 2 changes` or `Schedule`. */
export function applyWords(kind: Schedule["kind"], plan: PlannedWords): string {
  const { changes, changeCount: count } = plan;
  if (kind !== "now") return count > 1 ? `Schedule ${count} ${kind === "steps" ? "steps" : "changes"}` : "Schedule";
  const [type, ...others] = new Set(changes.map((change) => change.type));
  const isKnown = others.length === 0 && changes.length === count;
  const verb = type && isKnown ? VERBS[type] : undefined;
  if (count === 1 && type?.endsWith("_DELETED") && !verb) return "Delete";
  if (!verb) return count > 1 ? `Apply ${count} changes` : "Apply";
  const toggles = new Set(changes.map(({ subjectName }) => subjectName)).size;
  return `${verb} ${toggles === 1 ? "1 toggle" : `${toggles} toggles`}`;
}
