import css from "./SwitchCell.module.css";
import { audienceOf } from "./audience.ts";
import { ToggleSwitch } from "../../edits/ToggleSwitch.tsx";
import type { EnvironmentType, ToggleSwitchFragment } from "../../gql/toggles.ts";

interface Props {
  toggle: string;
  environment: { name: string; type: EnvironmentType };
  configuration: ToggleSwitchFragment;
  disabled: boolean;
}

/** The switch of a toggle in an environment, and the users that get the toggle in this environment. */
export function SwitchCell({ toggle, environment, configuration, disabled }: Props) {
  const { words, details, isEverybody } = audienceOf(configuration.strategies);
  return (
    <ToggleSwitch toggle={toggle} environment={environment} configuration={configuration} disabled={disabled}>
      {(on) => (
        <span className={css.audience} data-on={on} data-everybody={isEverybody} title={details}>
          {words}
        </span>
      )}
    </ToggleSwitch>
  );
}
