import type { ReactNode } from "react";

import css from "./page.module.css";
import { Card } from "../../parts/Card.tsx";

export interface Fact {
  name: string;
  value: ReactNode;
  /** What the fact means. */
  meaning?: string;
}

/** A card with facts: their names, values and meanings. */
export function FactCard({ title, facts, aside }: { title: string; facts: readonly Fact[]; aside?: ReactNode }) {
  return (
    <Card title={title} aside={aside}>
      <dl className={css.facts}>
        {facts.map(({ name, value, meaning }) => (
          <div key={name} className={css.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            {meaning !== undefined && <dd className={css.meaning}>{meaning}</dd>}
          </div>
        ))}
      </dl>
    </Card>
  );
}
