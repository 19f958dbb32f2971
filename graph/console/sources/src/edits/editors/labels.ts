/** Return the name of a parameter as words: `groupId` becomes `Group ID`, and `userIds` becomes `User IDs`. */
export function labelOf(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .split(/[ _-]+/)
    .map((word) => (/^ids?$/i.test(word) ? word.toUpperCase().replace("S", "s") : word));
  const [first = "", ...others] = words;
  const rest = others.map((word) => (/^[A-Z][a-z]+$/.test(word) ? word.toLowerCase() : word));
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(" ");
}
