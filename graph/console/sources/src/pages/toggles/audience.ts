import type { ToggleSwitchFragment } from "../../gql/toggles.ts";

type Strategy = ToggleSwitchFragment["strategies"][number];

export interface Audience {
  /** A short description of the users that get the toggle where it is on. */
  words: string;
  /** The description in whole sentences. */
  details: string;
  isEverybody: boolean;
}

const EVERYBODY = "everybody";
const MATCHES = /^Matches (.*)\.$/s;
const SHARE = /^(\d+(?:\.\d+)? %) of (?:everybody|all \w+), .*?(?:,( (?:if|within) .*))?$/s;

/** Describe the users that strategies match. Without any strategy, a toggle is on for everybody. */
export function audienceOf(strategies: readonly Strategy[]): Audience {
  const active = strategies.filter(({ disabled }) => !disabled);
  const details = active.map(({ summary }) => summary).join("\n");
  const [first] = active;
  if (!first) {
    return strategies.length === 0
      ? { words: EVERYBODY, details: "There are no strategies.", isEverybody: true }
      : { words: "nobody", details: "All strategies are disabled.", isEverybody: false };
  }
  if (active.some((strategy) => phraseOf(strategy) === EVERYBODY)) {
    return { words: EVERYBODY, details, isEverybody: true };
  }
  if (active.length > 1) {
    return { words: `${active.length} strategies`, details, isEverybody: false };
  }
  return { words: shortened(phraseOf(first)), details, isEverybody: false };
}

function phraseOf({ summary }: Strategy): string {
  return MATCHES.exec(summary)?.[1] ?? summary;
}

// `20 % of everybody, kept stable by userId, if country is DE` becomes `20 % if country is DE`, and
// `everybody if country is DE` becomes `if country is DE`.
function shortened(phrase: string): string {
  const [, share, conditions = ""] = SHARE.exec(phrase) ?? [];
  return share ? share + conditions : phrase.replace(/^everybody,? (?=if|within)/, "");
}
