import css from "./StrategyTitle.module.css";
import { strategyTitle } from "./definitions.ts";
import type { StrategyTitles } from "./definitions.ts";

interface Props {
  strategy: { name: string; title: string };
  titles: StrategyTitles;
}

/** The title of a strategy with its name, in a line of text. */
export function StrategyTitle({ strategy, titles }: Props) {
  const title = strategyTitle(strategy, titles);
  return (
    <>
      <bdi>{title}</bdi>
      {title !== strategy.name && <span className={css.name}> {strategy.name}</span>}
    </>
  );
}
