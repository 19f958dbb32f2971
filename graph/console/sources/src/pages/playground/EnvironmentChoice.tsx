import css from "./EnvironmentChoice.module.css";
import type { EnvironmentPartsFragment } from "../../gql/playground.ts";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";

interface Props {
  environments: readonly EnvironmentPartsFragment[];
  chosen: readonly string[];
  onChoose: (names: string[]) => void;
}

/** The environments in which to evaluate toggles. At least one is chosen. */
export function EnvironmentChoice({ environments, chosen, onChoose }: Props) {
  return (
    <div className={css.choice} role="group" aria-label="Environments">
      {environments.map(({ id, name, type }) => {
        const isChosen = chosen.includes(name);
        const others = chosen.filter((other) => other !== name);
        return (
          <button
            key={id}
            type="button"
            className={css.button}
            aria-pressed={isChosen}
            disabled={isChosen && others.length === 0}
            onClick={() => onChoose(isChosen ? others : [...others, name])}
          >
            <EnvironmentName name={name} type={type} />
          </button>
        );
      })}
    </div>
  );
}
