// Times in the time zone of the browser. The API and addresses have times in UTC.

const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Return a time of the API in the format of the field `datetime-local`, or an empty string. */
export function localFieldOf(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "";
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** Return the time of a field `datetime-local` in the format of the API, or an empty string. */
export function timeOfLocalField(text: string): string {
  const date = new Date(text);
  return text === "" || Number.isNaN(date.getTime()) ? "" : apiTimeOf(date);
}

/** Return a date in the format of the API, in full seconds. */
export function apiTimeOf(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** Return a time of the API as text, such as `30 Nov 2026, 10:00`. Other texts are returned unchanged. */
export function displayTime(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : DAY_AND_TIME.format(date);
}

/** Return the time zone of the browser with its offset at a time or now, such as `Europe/Berlin, GMT+1`. */
export function zoneAt(time: string): string {
  const date = time === "" ? new Date() : new Date(time);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const parts = new Intl.DateTimeFormat("en", { timeZoneName: "shortOffset" }).formatToParts(date);
  const offset = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  return timeZone === "UTC" ? "UTC" : `${timeZone}, ${offset}`;
}
