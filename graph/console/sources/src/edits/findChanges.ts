import type { PlannedChange } from "./ChangeCard.tsx";

type Searched = Pick<PlannedChange, "plan" | "subjectName" | "environment" | "warnings">;

/**
 * Return the changes whose sentence, subject, environment or warnings contain the text, ignoring case. With `hasRisk`,
 * return only changes with warnings.
 */
export function findChanges<Change extends Searched>(
  changes: readonly Change[],
  search: string,
  hasRisk: boolean,
): readonly Change[] {
  const sought = search.trim().toLowerCase();
  return changes.filter(({ plan, subjectName, environment, warnings }) => {
    if (hasRisk && warnings.length === 0) return false;
    const texts = [plan, subjectName, environment?.name ?? "", ...warnings.map(({ message }) => message)];
    return texts.some((text) => text.toLowerCase().includes(sought));
  });
}
