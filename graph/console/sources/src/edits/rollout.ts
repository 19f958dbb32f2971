// Changes of one percentage, which can also be made in steps.
import type { Plan } from "./plan.ts";
import type { ChangeInput, RolloutStepInput } from "../gql/edits.ts";

/** A strategy whose percentage changes. */
export interface RolloutTarget {
  /** The ID of the strategy. */
  strategy: string;
  /** The revision that the change expects. */
  expectedRevision: number | null;
  from: number;
  to: number;
}

export const UNITS = [
  { name: "minutes", minutes: 1 },
  { name: "hours", minutes: 60 },
  { name: "days", minutes: 1_440 },
] as const;

export type Unit = (typeof UNITS)[number]["name"];

/** Return a number of minutes as text, such as `3 days` or `90 minutes`. */
export function spanWords(minutes: number): string {
  const unit = UNITS.findLast((each) => minutes > 0 && minutes % each.minutes === 0) ?? UNITS[0];
  const count = minutes / unit.minutes;
  return `${count} ${count === 1 ? unit.name.slice(0, -1) : unit.name}`;
}

/** A step of a rollout, as the user enters it. */
export interface StepDraft {
  /** The percentage. */
  rollout: string;
  /** The time since the step before, or from now. */
  after: string;
  unit: Unit;
}

const PERCENTAGE = /\/parameters\/(?:rollout|percentage)$/;
const ALLOWED: readonly string[] = ["id", "parameters", "expectedRevision"];

/** Return the strategy whose percentage is the only thing that the changes affect, if there is one. */
export function rolloutIn(changes: readonly ChangeInput[], plan: Plan | undefined): RolloutTarget | undefined {
  const [input] = changes;
  const update = input?.toggleStrategyUpdate;
  const [planned] = plan?.changes ?? [];
  const [difference] = planned?.changes ?? [];
  if (!update || !difference || changes.length !== 1 || plan?.changeCount !== 1) return undefined;
  if (planned?.changes.length !== 1 || !PERCENTAGE.test(difference.path)) return undefined;
  if (Object.keys(update).some((field) => !ALLOWED.includes(field))) return undefined;
  const from = Number(difference.before ?? 0);
  const to = Number(difference.after ?? 0);
  if (!Number.isInteger(from) || !Number.isInteger(to)) return undefined;
  return { strategy: String(update.id), expectedRevision: update.expectedRevision ?? null, from, to };
}

/** Return three steps to a percentage, of which the first is one hour away. */
export function proposedSteps({ from, to }: RolloutTarget): StepDraft[] {
  const thirds = [1, 2, 3].map((part) => Math.round(from + ((to - from) * part) / 3));
  return [...new Set(thirds)].map((rollout) => ({ rollout: String(rollout), after: "1", unit: "hours" }));
}

/** Return steps as inputs of the API; undefined while a field is empty or no number. */
export function stepInputs(steps: readonly StepDraft[]): RolloutStepInput[] | undefined {
  const inputs = steps.map(({ rollout, after, unit }) => ({
    rollout: numberOf(rollout),
    after: numberOf(after) * (UNITS.find(({ name }) => name === unit)?.minutes ?? 1),
  }));
  const isComplete = inputs.every(({ rollout, after }) => Number.isInteger(rollout) && Number.isInteger(after));
  return inputs.length > 0 && isComplete ? inputs : undefined;
}

function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}
