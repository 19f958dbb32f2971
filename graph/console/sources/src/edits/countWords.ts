const NUMBER = new Intl.NumberFormat("en");

/** Return which of the changes a page shows, such as `Changes 101 to 200 of 5,000.` */
export function countWords(offset: number, shown: number, found: number, total: number): string {
  const all = NUMBER.format(total);
  if (found === 0) return `None of the ${all} changes matches.`;
  const isAll = found === total;
  if (shown === found) return isAll ? `${all} changes.` : `${NUMBER.format(found)} of the ${all} changes match.`;
  const span = `Changes ${NUMBER.format(offset + 1)} to ${NUMBER.format(offset + shown)}`;
  return isAll ? `${span} of ${all}.` : `${span} of ${NUMBER.format(found)} that match.`;
}
