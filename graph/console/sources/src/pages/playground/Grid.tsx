import { Link } from "wouter";

import css from "./Grid.module.css";
import { contextName } from "./contexts.ts";
import type { Cell, View } from "./view.ts";
import { decisionWords } from "./words.ts";
import { toggleAddress } from "../../app/toggleAddress.ts";
import type { EnvironmentPartsFragment, PlaygroundPageQuery, DecisionFragment } from "../../gql/playground.ts";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";

interface Props {
  rows: PlaygroundPageQuery["playground"]["nodes"];
  view: View;
  environments: readonly EnvironmentPartsFragment[];
  isLoading: boolean;
  onOpen: (cell: Cell) => void;
}

/** A table with a row for each toggle and a column for each environment and context. */
export function Grid({ rows, view, environments, isLoading, onOpen }: Props) {
  const { contexts, assumed } = view;
  const columns = view.environments.flatMap((environment) =>
    contexts.map((context, index) => ({ environment, index, name: contextName(context) })),
  );
  return (
    <div className={css.scroller} role="region" aria-label="Decisions" tabIndex={0}>
      <table className={css.table} aria-busy={isLoading}>
        <thead>
          <tr>
            <th scope="col" rowSpan={2} className={css.toggle}>
              Toggle
            </th>
            {view.environments.map((name) => (
              <th key={name} scope="colgroup" colSpan={contexts.length}>
                <EnvironmentName name={name} type={environments.find((each) => each.name === name)?.type ?? "PRODUCTION"} />
              </th>
            ))}
          </tr>
          <tr>
            {columns.map(({ environment, index, name }) => (
              <th key={`${environment}:${index}`} scope="col" className={css.context} title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ toggle, evaluations, before }) => (
            <tr key={toggle.name}>
              <th scope="row" className={css.toggle}>
                <Link href={toggleAddress(toggle.name)} title={toggle.name}>
                  <bdi>{toggle.name}</bdi>
                </Link>
              </th>
              {columns.map(({ environment, index, name }, column) => (
                <td key={`${environment}:${index}`}>
                  <Decisions
                    label={`${toggle.name} in ${environment} for ${name}`}
                    now={assumed.changes.length > 0 ? before?.[column] : evaluations[column]}
                    then={assumed.changes.length > 0 ? evaluations[column] : undefined}
                    onOpen={() => onOpen({ toggle: toggle.name, environment, context: index })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface DecisionsProps {
  label: string;
  now: DecisionFragment | undefined;
  /** The decision with the assumed changes; undefined without changes. */
  then: DecisionFragment | undefined;
  onOpen: () => void;
}

function Decisions({ label, now, then, onOpen }: DecisionsProps) {
  const before = decisionWords(now);
  const after = then && decisionWords(then);
  const isChanged = after !== undefined && (after.text !== before.text || after.tone !== before.tone);
  return (
    <button type="button" className={css.cell} data-changed={isChanged} onClick={onOpen}>
      <span className="hidden">{label}: </span>
      <span className={css.decision} data-tone={before.tone}>
        {before.text}
      </span>
      {isChanged && (
        <>
          <span aria-hidden="true">→</span>
          <span className="hidden"> becomes </span>
          <strong className={css.decision} data-tone={after.tone}>
            {after.text}
          </strong>
        </>
      )}
    </button>
  );
}
