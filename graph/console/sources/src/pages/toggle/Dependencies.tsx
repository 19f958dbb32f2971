import { Link } from "wouter";

import css from "./Side.module.css";
import type { Toggle } from "./toggle.ts";
import { toggleAddress } from "../../app/toggleAddress.ts";
import type { DependencyDraft } from "../../edits/draft.ts";
import { Card } from "../../parts/Card.tsx";

interface Props {
  toggle: Toggle;
  dependencies: readonly DependencyDraft[];
}

/** The toggles that a toggle requires, and the toggles that require it. */
export function Dependencies({ toggle, dependencies: drafts }: Props) {
  const { dependents, dependentCount } = toggle;
  // Somebody may not have entered the name of a new dependency yet.
  const dependencies = drafts.filter((dependency) => dependency.toggle !== "");
  if (dependencies.length === 0 && dependentCount === 0) return null;
  return (
    <Card title="Dependencies">
      {dependencies.length > 0 && (
        <ul className={css.rows} aria-label="Requires">
          {dependencies.map((dependency) => (
            <li key={dependency.toggle}>
              Requires <ToggleLink name={dependency.toggle} /> {stateOf(dependency)}
            </li>
          ))}
        </ul>
      )}
      {dependentCount > 0 && (
        <ul className={css.rows} aria-label="Required by">
          {dependents.map(({ id, name }) => (
            <li key={id}>
              Required by <ToggleLink name={name} />
            </li>
          ))}
          {dependentCount > dependents.length && <li>and {dependentCount - dependents.length} more</li>}
        </ul>
      )}
    </Card>
  );
}

function stateOf({ enabled, variants }: DependencyDraft): string {
  if (!enabled) return "to be off.";
  if (variants.length === 0) return "to be on.";
  return `to be on with the variant ${variants.join(" or ")}.`;
}

function ToggleLink({ name }: { name: string }) {
  return (
    <Link href={toggleAddress(name)} className={css.link}>
      {name}
    </Link>
  );
}
