/** Return a JSON Pointer as words: `/strategies/1/name` becomes `strategies › 2 › name`. */
export function displayPath(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : part))
    .join(" › ");
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function displayTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}

/** Whether a value of JSON is shown as nothing. */
export function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Return a value of JSON as text. */
export function displayValue(value: unknown): string {
  if (isNothing(value)) return "nothing";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (typeof value === "string") return TIME.test(value) ? displayTime(value) : value;
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.map(displayValue).join(", ");
  return JSON.stringify(value, null, 2);
}
