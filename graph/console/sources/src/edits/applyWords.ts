// The words of the button that applies or schedules the changes of a review.
import type { PlannedChange } from "./ChangeCard.tsx";
import type { Schedule } from "./ScheduleFields.tsx";
import type { EventType } from "../gql/edits.ts";

type Words = Pick<PlannedChange, "type" | "subjectName">;

const VERBS: Partial<Record<EventType, string>> = {
  TOGGLE_ENABLED: "Switch on",
  TOGGLE_DISABLED: "Switch off",
  TOGGLE_ARCHIVED: "Archive",
  TOGGLE_REVIVED: "Revive",
  TOGGLE_DELETED: "Delete",
};

/** Return what a button does with changes, such as `Archive 3 toggles`, `Apply 2 changes` or `Schedule`. */
export function applyWords(kind: Schedule["kind"], changes: readonly Words[]): string {
  const count = changes.length;
  if (kind !== "now") return count > 1 ? `Schedule ${count} ${kind === "steps" ? "steps" : "changes"}` : "Schedule";
  const [type, ...others] = new Set(changes.map((change) => change.type));
  const verb = type && others.length === 0 ? VERBS[type] : undefined;
  if (count === 1 && type?.endsWith("_DELETED") && !verb) return "Delete";
  if (!verb) return count > 1 ? `Apply ${count} changes` : "Apply";
  const toggles = new Set(changes.map(({ subjectName }) => subjectName)).size;
  return `${verb} ${toggles === 1 ? "1 toggle" : `${toggles} toggles`}`;
}
