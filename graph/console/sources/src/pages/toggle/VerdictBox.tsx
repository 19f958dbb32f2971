import css from "./VerdictBox.module.css";
import type { Definitions } from "../../edits/definitions.ts";
import { StrategyTitle } from "../../edits/StrategyTitle.tsx";
import type { Outcome, VerdictFragment } from "../../gql/toggle.ts";

interface Props {
  /** What the verdict assumes, such as unsaved edits. */
  title: string | undefined;
  verdict: VerdictFragment;
  definitions: Definitions;
}

const OUTCOMES: Record<Outcome, string> = {
  MET: "matches",
  NOT_MET: "does not match",
  UNKNOWN: "only the SDK knows",
};

/** What a user gets, and why. */
export function VerdictBox({ title, verdict, definitions }: Props) {
  const { enabled, reason, explanation, variant, strategies } = verdict;
  const word = reason === "UNDECIDED" ? "undecided" : enabled ? "on" : "off";
  return (
    <div className={css.box} data-verdict={word}>
      <p className={css.word}>
        {title ? `${title}: ${word}` : word}
        {variant.enabled && <span className={css.variant}> with {variant.name}</span>}
      </p>
      <p className={css.reason}>
        <bdi>{explanation}</bdi>
      </p>
      {variant.enabled && variant.payload && (
        <code className={css.payload}>{variant.payload.value}</code>
      )}
      {strategies.length > 0 && (
        <details className={css.details}>
          <summary>Each strategy</summary>
          <ol className={css.strategies}>
            {strategies.map(({ strategy, outcome, explanation: sentence }) => (
              <li key={strategy.id}>
                <strong>
                  <StrategyTitle strategy={strategy} titles={definitions.titles} /> {OUTCOMES[outcome]}.
                </strong>{" "}
                <bdi>{sentence}</bdi>
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}
