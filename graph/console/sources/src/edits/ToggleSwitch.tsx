import { useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";

import css from "./ToggleSwitch.module.css";
import { switchesOf } from "./sessionSwitches.ts";
import { useConnection } from "../app/client.ts";
import { productionSwitch } from "../app/preferences.ts";
import type { EnvironmentType } from "../gql/edits.ts";
import { Button } from "../parts/Button.tsx";
import { Confirmation } from "../parts/Confirmation.tsx";
import { Switch } from "../parts/Switch.tsx";

interface Props {
  toggle: string;
  environment: { name: string; type: EnvironmentType };
  /** The configuration on the server. */
  configuration: { id: string; enabled: boolean };
  disabled: boolean;
  /** The content beside the switch, unless something about the switch itself is shown there. */
  children: (on: boolean) => ReactNode;
}

const PRODUCTION_DELAY_MS = 5_000;

/** The switch of a toggle in an environment, which acts without a review. */
export function ToggleSwitch({ toggle, environment, configuration, disabled, children }: Props) {
  const { id, enabled } = configuration;
  const switches = switchesOf(useConnection());
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
    <div className={css.switch}>
      <Switch label={`${toggle} in ${environment.name}`} on={on} disabled={disabled} onChange={click} />
      {state.sentAt ? (
        <span className={css.waiting} role="status">
          <span className="hidden">{`Switches ${on ? "on" : "off"} in 5 seconds.`}</span>
          <Button small onClick={() => move(enabled, 0)}>
            Undo
          </Button>
          <span className={css.clock} aria-hidden="true" />
        </span>
      ) : state.failure === undefined ? (
        children(on)
      ) : (
        <span className={css.failure} role="alert" title={state.failure}>
          Not changed<span className="hidden">: {state.failure}</span>
        </span>
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
