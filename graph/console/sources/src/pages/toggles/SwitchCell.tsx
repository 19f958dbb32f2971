import { useState, useSyncExternalStore } from "react";

import css from "./SwitchCell.module.css";
import { audienceOf } from "./audience.ts";
import type { Switches } from "./switches.ts";
import { productionSwitch } from "../../app/preferences.ts";
import type { EnvironmentType, ToggleSwitchFragment } from "../../gql/toggles.ts";
import { Button } from "../../parts/Button.tsx";
import { Confirmation } from "../../parts/Confirmation.tsx";
import { Switch } from "../../parts/Switch.tsx";

interface Props {
  toggle: string;
  environment: { name: string; type: EnvironmentType };
  configuration: ToggleSwitchFragment;
  switches: Switches;
  disabled: boolean;
}

const PRODUCTION_DELAY_MS = 5_000;

/** The switch of a toggle in an environment, and the users that get the toggle in this environment. */
export function SwitchCell({ toggle, environment, configuration, switches, disabled }: Props) {
  const { id, enabled, strategies } = configuration;
  const state = useSyncExternalStore(switches.subscribe, () => switches.stateOf(id));
  const [isAsking, setAsking] = useState(false);
  const on = state.wish ?? enabled;
  const move = (next: boolean, delayMs: number) => switches.move(id, enabled, next, delayMs);

  function click(next: boolean) {
    if (environment.type !== "PRODUCTION") move(next, 0);
    else if (productionSwitch.get() === "wait" || next === enabled) move(next, PRODUCTION_DELAY_MS);
    else setAsking(true);
  }

  return (
    <div className={css.cell}>
      <Switch
        label={`${toggle} in ${environment.name}`}
        on={on}
        disabled={disabled}
        onChange={click}
      />
      {state.sentAt ? (
        <span className={css.waiting} role="status">
          <span className="hidden">{`Switches ${on ? "on" : "off"} in 5 seconds.`}</span>
          <Button small onClick={() => move(enabled, 0)}>
            Undo
          </Button>
          <span className={css.clock} aria-hidden="true" />
        </span>
      ) : (
        <Details failure={state.failure} strategies={strategies} />
      )}
      {isAsking && (
        <Confirmation
          question={`Switch ${toggle} ${on ? "off" : "on"} in ${environment.name}?`}
          answer={on ? "Switch off" : "Switch on"}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            move(!on, 0);
          }}
        />
      )}
    </div>
  );
}

function Details({ failure, strategies }: { failure: string | undefined; strategies: ToggleSwitchFragment["strategies"] }) {
  if (failure !== undefined) {
    return (
      <span className={css.failure} role="alert" title={failure}>
        Not changed<span className="hidden">: {failure}</span>
      </span>
    );
  }
  const { words, details, isEverybody } = audienceOf(strategies);
  return (
    <span className={css.audience} data-everybody={isEverybody} title={details}>
      {words}
    </span>
  );
}
