/** A text of one paragraph, in which parts between backticks are code. */
export function Prose({ text }: { text: string }) {
  // Parts with odd indexes were between two backticks.
  const parts = text.split(/`([^`\n]+)`/);
  return parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
