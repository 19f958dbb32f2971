import { createElement } from "react";
import { Globe, Network, Puzzle, Server, Users } from "lucide-react";
import type { LucideIcon } from "lucide-react";

import css from "./StrategyMark.module.css";
import { rolloutOf } from "./phrases.ts";
import type { StrategyDraft } from "./draft.ts";
import { Ring } from "../parts/Ring.tsx";

const ICONS: ReadonlyMap<string, LucideIcon> = new Map([
  ["default", Globe],
  ["userWithId", Users],
  ["remoteAddress", Network],
  ["applicationHostname", Server],
]);

/** The percentage of a strategy as a ring; an icon for strategies without a percentage. */
export function StrategyMark({ strategy }: { strategy: StrategyDraft }) {
  const share = rolloutOf(strategy);
  if (share !== undefined) return <Ring percentage={share} />;
  return (
    <span className={css.icon} aria-hidden="true">
      {createElement(ICONS.get(strategy.name) ?? Puzzle, { size: 16, strokeWidth: 1.75 })}
    </span>
  );
}
