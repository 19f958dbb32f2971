import { Fragment } from "react";

import css from "./Conditions.module.css";
import { VariantBar } from "./VariantBar.tsx";
import { operatorWords } from "../../edits/operators.ts";
import { valuesPhrase } from "../../edits/phrases.ts";
import type { ConstraintDraft, StrategyDraft } from "../../edits/draft.ts";

interface Props {
  strategy: StrategyDraft;
  segmentNames: ReadonlyMap<string, string>;
}

/** The constraints, segments and variants of a strategy. All constraints and segments must match. */
export function Conditions({ strategy, segmentNames }: Props) {
  const { constraints, segments, variants } = strategy;
  const count = constraints.length + segments.length;
  if (count === 0 && variants.length === 0) return null;
  return (
    <div className={css.conditions}>
      {count > 0 && (
        <p className={css.list}>
          {constraints.map((constraint, index) => (
            <Fragment key={index}>
              {index > 0 && <span className={css.and}>and</span>}
              <ConstraintChip constraint={constraint} />
            </Fragment>
          ))}
          {segments.map((id, index) => (
            <Fragment key={id}>
              {constraints.length + index > 0 && <span className={css.and}>and</span>}
              <span className={css.chip}>
                within the segment <strong>{segmentNames.get(id) ?? id}</strong>
              </span>
            </Fragment>
          ))}
        </p>
      )}
      {variants.length > 0 && <VariantBar variants={variants} />}
    </div>
  );
}

function ConstraintChip({ constraint }: { constraint: ConstraintDraft }) {
  const { contextName, values, caseInsensitive } = constraint;
  return (
    <span className={css.chip} title={values.length > 1 ? values.join(", ") : undefined}>
      <strong>{contextName}</strong> {operatorWords(constraint)} <bdi className={css.values}>{valuesPhrase(values)}</bdi>
      {caseInsensitive && " in any case"}
    </span>
  );
}
