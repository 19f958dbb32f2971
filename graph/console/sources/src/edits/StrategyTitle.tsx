import css from "./StrategyTitle.module.css";
import { strategyTitle } from "./definitions.ts";
import type { Definitions } from "./definitions.ts";

interface Props {
  strategy: { name: string; title: string };
  definitions: Definitions;
}

/** The title of a strategy with its name, in a line of text. */
export function StrategyTitle({ strategy, definitions }: Props) {
  const title = strategyTitle(strategy, definitions);
  return (
    <>
      <bdi>{title}</bdi>
      {title !== strategy.name && <span className={css.name}> {strategy.name}</span>}
    </>
  );
}
