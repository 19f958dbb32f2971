import css from "./SwitchCard.module.css";
import type { Toggle } from "./toggle.ts";
import { ToggleSwitch } from "../../edits/ToggleSwitch.tsx";
import { When } from "../../parts/When.tsx";

interface Props {
  toggle: string;
  configuration: Toggle["environments"][number];
  disabled: boolean;
  isArchived: boolean;
}

/** The switch of an environment, with what it means. */
export function SwitchCard({ toggle, configuration, disabled, isArchived }: Props) {
  const { environment, strategies, updatedAt, lastSeenAt } = configuration;
  const active = strategies.filter((strategy) => !strategy.disabled).length;
  return (
    <section className={css.card} aria-label={`Switch in ${environment.name}`}>
      <ToggleSwitch
        toggle={toggle}
        environment={environment}
        configuration={isArchived ? { ...configuration, enabled: false } : configuration}
        disabled={disabled}
        isRoomy
      >
        {(on) => (
          <div className={css.words}>
            <p className={css.title}>{isArchived ? "Archived" : on ? "On" : "Off"}</p>
            <p className={css.meaning}>
              {on ? meaningOf(active, strategies.length) : "Nobody gets the toggle."}
              {isArchived && " After you revive it, it is off until you switch it on."}
            </p>
          </div>
        )}
      </ToggleSwitch>
      <p className={css.times}>
        <span>
          changed <When time={updatedAt} />
        </span>
        <span>
          seen <When time={lastSeenAt} />
        </span>
      </p>
    </section>
  );
}

function meaningOf(active: number, all: number): string {
  if (all === 0) return "Everybody gets the toggle, because there are no strategies.";
  if (active === 0) return "Nobody gets the toggle, because all strategies are disabled.";
  if (active === 1) return "Users that match the strategy get the toggle.";
  return "Users that match at least one of the strategies get the toggle.";
}
