// The ranges of time over which pages show usage.
import type { MetricsInterval } from "../gql/application.ts";

export interface Range {
  /** The value in the address. */
  value: string;
  title: string;
  words: string;
  hoursBack: number;
  interval: MetricsInterval;
  format: Intl.DateTimeFormatOptions;
}

export const MINUTES: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
const HOURS: Intl.DateTimeFormatOptions = { weekday: "short", ...MINUTES };
const DAYS: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", timeZone: "UTC" };

export const DEFAULT_RANGE: Range = {
  value: "24h",
  title: "24 h",
  words: "the last 24 hours",
  hoursBack: 24,
  interval: "HOUR",
  format: HOURS,
};
export const RANGES: readonly Range[] = [
  { value: "1h", title: "1 h", words: "the last hour", hoursBack: 1, interval: "MINUTE", format: MINUTES },
  DEFAULT_RANGE,
  { value: "7d", title: "7 d", words: "the last 7 days", hoursBack: 168, interval: "HOUR", format: HOURS },
  { value: "30d", title: "30 d", words: "the last 30 days", hoursBack: 720, interval: "DAY", format: DAYS },
];

/** Return a function that formats times. */
export function formatter(options: Intl.DateTimeFormatOptions): (time: string) => string {
  const format = new Intl.DateTimeFormat(undefined, options);
  return (time) => format.format(new Date(time));
}
