// The operators of constraints, with the words that the server uses for them in sentences.
import type { ConstraintDraft } from "./draft.ts";
import type { ConstraintOperator } from "../gql/edits.ts";

export interface Operator {
  name: ConstraintOperator;
  /** The words for the plain operator and for the inverted operator. */
  words: readonly [string, string];
  group: "Text" | "Numbers" | "Dates" | "Versions" | "Addresses";
  /** Whether the operator compares with exactly one value. */
  isSingle: boolean;
  /** Whether the operator can ignore case. */
  hasCase: boolean;
  /** A valid value. */
  example: string;
}

type Row = [ConstraintOperator, string, string];

function rows(
  group: Operator["group"],
  { example, isSingle = false, hasCase = false }: { example: string; isSingle?: boolean; hasCase?: boolean },
  table: readonly Row[],
): Operator[] {
  return table.map(([name, plain, inverted]) => ({
    name,
    words: [plain, inverted],
    group,
    isSingle,
    hasCase,
    example,
  }));
}

export const OPERATORS: readonly Operator[] = [
  ...rows("Text", { example: "DE" }, [
    ["IN", "is one of", "is none of"],
    ["NOT_IN", "is none of", "is one of"],
  ]),
  ...rows("Text", { example: "@example.com", hasCase: true }, [
    ["STR_STARTS_WITH", "begins with", "does not begin with"],
    ["STR_ENDS_WITH", "ends with", "does not end with"],
    ["STR_CONTAINS", "contains", "does not contain"],
  ]),
  ...rows("Text", { example: "^[a-f].*", isSingle: true, hasCase: true }, [["REGEX", "matches", "does not match"]]),
  ...rows("Numbers", { example: "10", isSingle: true }, [
    ["NUM_EQ", "is", "is not"],
    ["NUM_GT", "is above", "is not above"],
    ["NUM_GTE", "is at least", "is not at least"],
    ["NUM_LT", "is below", "is not below"],
    ["NUM_LTE", "is at most", "is not at most"],
  ]),
  ...rows("Dates", { example: "2030-01-31T12:00:00Z", isSingle: true }, [
    ["DATE_AFTER", "is after", "is not after"],
    ["DATE_BEFORE", "is before", "is not before"],
  ]),
  ...rows("Versions", { example: "1.2.3", isSingle: true }, [
    ["SEMVER_EQ", "is version", "is not version"],
    ["SEMVER_GT", "is later than version", "is not later than version"],
    ["SEMVER_GTE", "is at least version", "is not at least version"],
    ["SEMVER_LT", "is earlier than version", "is not earlier than version"],
    ["SEMVER_LTE", "is at most version", "is not at most version"],
  ]),
  ...rows("Addresses", { example: "10.0.0.0/8" }, [["IN_CIDR", "lies in", "does not lie in"]]),
];

/** Return the operator with a name. Constraints that were created through REST may have other operators. */
export function operatorOf(name: string): Operator | undefined {
  return OPERATORS.find((operator) => operator.name === name);
}

/** Return the words between the field and the values of a constraint. */
export function operatorWords({ operator, inverted }: ConstraintDraft): string {
  const known = operatorOf(operator);
  if (known) return known.words[inverted ? 1 : 0];
  return inverted ? `not ${operator}` : operator;
}
