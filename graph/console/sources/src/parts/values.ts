/**
 * Return the values in a pasted text: one per line or cell of a table, or separated by commas in a single line.
 * Spaces around values are dropped.
 */
export function splitValues(text: string): string[] {
  const separator = /[\n\r\t]/.test(text.trim()) ? /[\n\r\t]/ : ",";
  return text
    .split(separator)
    .map((value) => value.trim())
    .filter((value) => value !== "");
}
