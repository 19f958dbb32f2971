const UNITS: readonly (readonly [number, string])[] = [
  [365 * 86_400, "y"],
  [30 * 86_400, "mo"],
  [86_400, "d"],
  [3_600, "h"],
  [60, "m"],
];

/** Return a span in words, such as `5m ago`. The clocks of server and browser may differ a little. */
export function sinceWords(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < -60) return `in ${largestUnit(-seconds)}`;
  if (seconds < 60) return "just now";
  return `${largestUnit(seconds)} ago`;
}

/** Return how long something has lasted in words, such as `20d`. */
export function spanWords(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < 60 ? "less than 1m" : largestUnit(seconds);
}

function largestUnit(seconds: number): string {
  for (const [size, name] of UNITS) {
    if (seconds >= size) return `${Math.floor(seconds / size)}${name}`;
  }
  return `${seconds}s`;
}
