// Times for which people often schedule changes.
import { apiTimeOf } from "../parts/localTime.ts";

export interface LaterTime {
  words: string;
  /** The time in the format of the API. */
  at: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MORNING_HOUR = 9;
const MONDAY = 1;
const WEEK = 7;

/** Return the next full hour that is at least one hour away. */
export function nextHour(now: Date): string {
  return apiTimeOf(new Date((Math.ceil(now.getTime() / HOUR_MS) + 1) * HOUR_MS));
}

/** Return times that people can choose with one click. Mornings are in the time zone of the browser. */
export function laterTimes(now: Date): LaterTime[] {
  const hourLater = new Date(Math.ceil((now.getTime() + HOUR_MS) / MINUTE_MS) * MINUTE_MS);
  const daysToMonday = ((MONDAY - now.getDay() + WEEK - 1) % WEEK) + 1;
  return [
    { words: "In an hour", at: apiTimeOf(hourLater) },
    { words: "Tomorrow 9:00", at: morningIn(now, 1) },
    ...(daysToMonday > 1 ? [{ words: "Monday 9:00", at: morningIn(now, daysToMonday) }] : []),
  ];
}

function morningIn(now: Date, days: number): string {
  return apiTimeOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING_HOUR));
}
