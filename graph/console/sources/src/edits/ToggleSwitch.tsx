import { useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";

import css from "./ToggleSwitch.module.css";
import { SwitchCountdown } from "./SwitchCountdown.tsx";
import { switchesOf } from "./sessionSwitches.ts";
import { useConnection } from "../app/client.ts";
import { productionSwitch } from "../app/preferences.ts";
import type { EnvironmentType } from "../gql/edits.ts";
import { Confirmation } from "../parts/Confirmation.tsx";
import { Switch } from "../parts/Switch.tsx";

interface Props {
  toggle: string;
  environment: { name: string; type: EnvironmentType };
  /** The configuration on the server. */
  configuration: { id: string; enabled: boolean };
  disabled: boolean;
  /** Whether the content remains while something about the switch itself is shown. */
  isRoomy?: boolean;
  /** The content beside the switch, for the position that applies until the switch acts. */
  children: (on: boolean) => ReactNode;
}

const PRODUCTION_DELAY_MS = 5_000;

/** The switch of a toggle in an environment, which acts without a review. */
export function ToggleSwitch({ toggle, environment, configuration, disabled, isRoomy = false, children }: Props) {
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

  function noticeOf() {
    if (state.sentAt !== undefined) {
      return <SwitchCountdown on={on} at={state.sentAt} isRoomy={isRoomy} onUndo={() => move(enabled, 0)} />;
    }
    if (state.confirmed !== undefined) {
      return (
        <span className={css.confirmed} role="status">
          Switched {state.confirmed ? "on" : "off"}
        </span>
      );
    }
    if (state.failure === undefined) return undefined;
    return (
      <span className={css.failure} role="alert" title={state.failure}>
        Not changed<span className="hidden">: {state.failure}</span>
      </span>
    );
  }

  const notice = noticeOf();
  return (
    <div className={css.switch} data-roomy={isRoomy}>
      <Switch label={`${toggle} in ${environment.name}`} on={on} disabled={disabled} onChange={click} />
      {(isRoomy || !notice) && children(state.sentAt === undefined ? on : enabled)}
      {notice}
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
