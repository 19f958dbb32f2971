// What people see of the differences between two versions of an object.

/** A difference of one part of an object, whose path is a JSON Pointer. */
export interface Difference {
  path: string;
  before: unknown;
  after: unknown;
}

// The server sets these fields, and they say nothing that the list around the differences does not say.
const INTERNAL: ReadonlySet<string> = new Set(["id", "revision", "createdAt", "createdBy", "updatedAt"]);
const INTERNAL_IN_CONFIGURATIONS: ReadonlySet<string> = new Set(["toggleId", "environment", "sortOrder"]);
// The keys of these objects are names, not fields.
const WITH_NAMES: ReadonlySet<string> = new Set(["environments", "parameters"]);

/**
 * Return a difference for each field that people can set. Objects and lists of objects are divided into their
 * fields. Internal fields and fields that are nothing before and after are left out.
 */
export function visibleDifferences(differences: readonly Difference[]): Difference[] {
  return differences
    .flatMap(fieldsOf)
    .filter(({ path, before, after }) => !isInternal(path) && !(isNothing(before) && isNothing(after)));
}

function fieldsOf(difference: Difference): Difference[] {
  const { path, before, after } = difference;
  const isDivisible = [before, after].every((value) => isNothing(value) || isContainer(value));
  if (!isDivisible || (isNothing(before) && isNothing(after))) return [difference];
  const [old, next] = [entriesOf(before), entriesOf(after)];
  return [...new Set([...old.keys(), ...next.keys()])]
    .map((key) => ({
      path: `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
      before: old.get(key) ?? null,
      after: next.get(key) ?? null,
    }))
    .filter((part) => JSON.stringify(part.before) !== JSON.stringify(part.after))
    .flatMap(fieldsOf);
}

function isContainer(value: unknown): boolean {
  return Array.isArray(value) ? value.some((item) => typeof item === "object") : typeof value === "object";
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(isNothing(value) ? [] : Object.entries(value as object));
}

function isInternal(pointer: string): boolean {
  const parts = pointer.split("/").slice(1);
  const isInConfiguration = parts[0] === "environments";
  return parts.some((part, index) => {
    if (WITH_NAMES.has(parts[index - 1] ?? "")) return false;
    return INTERNAL.has(part) || (isInConfiguration && INTERNAL_IN_CONFIGURATIONS.has(part));
  });
}

/** Return a JSON Pointer as words: `/strategies/1/name` becomes `strategies › 2 › name`. */
export function displayPath(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : part))
    .join(" › ");
}

/** Return the JSON Pointer of the deepest object that contains all fields, such as `/environments/production/strategies/1`. */
export function commonPath(differences: readonly Difference[]): string {
  const [first = [], ...others] = differences.map(({ path }) => path.split("/").slice(0, -1));
  const end = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (end < 0 ? first : first.slice(0, end)).join("/");
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
