import css from "./ToggleTable.module.css";
import { NameCell } from "./NameCell.tsx";
import { SwitchCell } from "./SwitchCell.tsx";
import type { EnvironmentPartsFragment, ToggleRowFragment } from "../../gql/toggles.ts";
import { Checkbox } from "../../parts/Checkbox.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { When } from "../../parts/When.tsx";

interface Props {
  toggle: ToggleRowFragment;
  environments: readonly EnvironmentPartsFragment[];
  isPicked: boolean;
  canWrite: boolean;
  onPick: (isPicked: boolean) => void;
}

/** A toggle in the list, with the styles of the table. */
export function ToggleRow({ toggle, environments, isPicked, canWrite, onPick }: Props) {
  return (
    <tr role="row" className={css.row} data-picked={isPicked}>
      {canWrite && (
        <td role="cell" className={css.pick}>
          <Checkbox label={`Select ${toggle.name}`} checked={isPicked} onChange={onPick} />
        </td>
      )}
      <th role="rowheader" scope="row" className={css.name}>
        <NameCell toggle={toggle} />
      </th>
      {environments.map((environment) => {
        const configuration = toggle.environments.find((each) => each.environment.id === environment.id);
        return (
          <td key={environment.id} role="cell" className={css.environment}>
            <span className={css.label} aria-hidden="true">
              <EnvironmentName name={environment.name} type={environment.type} />
            </span>
            {toggle.archived ? (
              <span className={css.archived}>archived</span>
            ) : (
              configuration && (
                <SwitchCell
                  toggle={toggle.name}
                  environment={environment}
                  configuration={configuration}
                  disabled={!canWrite}
                />
              )
            )}
          </td>
        );
      })}
      <td role="cell" className={css.type}>
        {toggle.type.title}
      </td>
      <td role="cell" className={css.time}>
        <When time={toggle.lastSeenAt} />
      </td>
      <td role="cell" className={css.time}>
        <When time={toggle.updatedAt} />
      </td>
    </tr>
  );
}
