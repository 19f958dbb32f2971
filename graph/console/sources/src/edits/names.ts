// The rule for names, which the server checks again.

export interface NameRule {
  maxNameLength: number;
  /** A regular expression. */
  namePattern: string;
}

/** Return the reason why a name cannot be used, or undefined. */
export function nameProblem(name: string, { maxNameLength, namePattern }: NameRule): string | undefined {
  if (name === "") return undefined;
  if (name.length > maxNameLength) return `The name has ${name.length} characters; at most ${maxNameLength} are allowed.`;
  if (new RegExp(namePattern, "u").test(name)) return undefined;
  return "Use only letters from A to Z, digits and the characters -_.~!*'(). A name cannot be . or .. alone.";
}
