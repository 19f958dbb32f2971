import { parseTerms, printTerms } from "./terms.ts";
import type { Term } from "./terms.ts";
import { Chip } from "../parts/Chip.tsx";

interface Props {
  text: string;
  onSearch: (text: string) => void;
}

/** A chip for each term of a search except words. Removing a chip changes the search. */
export function TermChips({ text, onSearch }: Props) {
  const terms = parseTerms(text);
  return terms.map((term) => {
    if (term.kind === "text") return null;
    return (
      <Chip
        key={`${term.isNegated}:${term.kind}:${term.value}`}
        kind={kindWords(term)}
        text={term.kind === "unseen" ? `for ${term.value} days` : term.value}
        onRemove={() => onSearch(printTerms(terms.filter((other) => other !== term)))}
      />
    );
  });
}

function kindWords({ kind, isNegated }: Term): string {
  return isNegated ? `not ${kind}` : kind;
}
