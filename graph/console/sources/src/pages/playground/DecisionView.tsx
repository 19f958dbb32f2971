import type { ReactNode } from "react";
import { Check, CircleHelp, X } from "lucide-react";

import css from "./DecisionView.module.css";
import { decisionWords } from "./words.ts";
import { useStrategyTitles } from "../../edits/definitions.ts";
import { constraintPhrase } from "../../edits/phrases.ts";
import { StrategyTitle } from "../../edits/StrategyTitle.tsx";
import type { ConstraintDecisionFragment, DecisionDetailsFragment, Outcome } from "../../gql/playground.ts";
import { Ring } from "../../parts/Ring.tsx";

const MARKS = { MET: Check, NOT_MET: X, UNKNOWN: CircleHelp } as const;
const MARK_WORDS: Record<Outcome, string> = { MET: "holds", NOT_MET: "does not hold", UNKNOWN: "only the SDK knows" };

/** A decision with its reason, and the outcome of each strategy, constraint, segment and required toggle. */
export function DecisionView({ decision }: { decision: DecisionDetailsFragment }) {
  const { explanation, variant, strategies, dependencies } = decision;
  const words = decisionWords(decision);
  return (
    <div className={css.decision}>
      <p className={css.head} data-tone={words.tone}>
        <strong>{words.text}</strong>
        <span>{explanation}</span>
      </p>
      {variant.enabled && variant.payload && (
        <p className={css.payload}>
          Payload <code>{variant.payload.value}</code>
        </p>
      )}
      {dependencies.length > 0 && (
        <ul className={css.conditions} aria-label="Required toggles">
          {dependencies.map(({ outcome, dependency }) => (
            <Condition key={dependency.toggle.name} outcome={outcome}>
              needs {dependency.toggle.name} to be {dependency.enabled ? "on" : "off"}
              {dependency.variants.length > 0 && `, with the variant ${dependency.variants.join(" or ")}`}
            </Condition>
          ))}
        </ul>
      )}
      {strategies.length > 0 && (
        <ol className={css.strategies} aria-label="Strategies">
          {strategies.map((strategy, index) => (
            <Strategy key={index} evaluation={strategy} />
          ))}
        </ol>
      )}
    </div>
  );
}

function Strategy({ evaluation }: { evaluation: DecisionDetailsFragment["strategies"][number] }) {
  const titles = useStrategyTitles();
  const { outcome, explanation, bucket, rollout, stickinessValue, strategy, constraints, segments } = evaluation;
  return (
    <li className={css.strategy}>
      <p className={css.name}>
        <Mark outcome={outcome} />
        <span>
          <StrategyTitle strategy={strategy} titles={titles} />
        </span>
      </p>
      <p className={css.explanation}>{explanation}</p>
      {bucket !== null && rollout !== null && (
        <div className={css.bucket}>
          <Ring percentage={rollout} />
          <span>
            Bucket {bucket} of 100, rollout {rollout} %{stickinessValue !== null && `, from ${stickinessValue}`}
          </span>
        </div>
      )}
      {(constraints.length > 0 || segments.length > 0) && (
        <ul className={css.conditions} aria-label="Conditions">
          {constraints.map((constraint, index) => (
            <Constraint key={index} decision={constraint} />
          ))}
          {segments.map(({ outcome: segmentOutcome, segment, constraints: inner }) => (
            <Condition key={segment.name} outcome={segmentOutcome}>
              segment {segment.name}
              {inner.length > 0 && (
                <ul className={css.conditions}>
                  {inner.map((constraint, index) => (
                    <Constraint key={index} decision={constraint} />
                  ))}
                </ul>
              )}
            </Condition>
          ))}
        </ul>
      )}
    </li>
  );
}

function Constraint({ decision }: { decision: ConstraintDecisionFragment }) {
  const { outcome, contextValue, constraint } = decision;
  return (
    <Condition outcome={outcome}>
      {constraintPhrase(constraint)}
      <span className={css.seen}>{contextValue === null ? "no value in the context" : `seen: ${contextValue}`}</span>
    </Condition>
  );
}

function Condition({ outcome, children }: { outcome: Outcome; children: ReactNode }) {
  return (
    <li className={css.condition}>
      <Mark outcome={outcome} />
      <div>{children}</div>
    </li>
  );
}

function Mark({ outcome }: { outcome: Outcome }) {
  const Icon = MARKS[outcome];
  return (
    <span className={css.mark} data-outcome={outcome}>
      <Icon size={15} aria-hidden="true" />
      <span className="hidden">{MARK_WORDS[outcome]}: </span>
    </span>
  );
}
