import css from "./ToggleTable.module.css";
import { SwitchCell } from "./SwitchCell.tsx";
import type { Switches } from "./switches.ts";
import type { EnvironmentPartsFragment, ToggleOrderField, ToggleRowFragment } from "../../gql/toggles.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Checkbox } from "../../parts/Checkbox.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { SortHeader } from "../../parts/SortHeader.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { When } from "../../parts/When.tsx";

export interface Order {
  field: ToggleOrderField;
  isDescending: boolean;
}

interface Props {
  rows: readonly ToggleRowFragment[];
  environments: readonly EnvironmentPartsFragment[];
  order: Order;
  picked: ReadonlySet<string>;
  canWrite: boolean;
  isLoading: boolean;
  switches: Switches;
  onOrder: (order: Order) => void;
  onPick: (names: readonly string[], isPicked: boolean) => void;
}

// The roles are written out, because narrow screens show rows as cards, which are no table for CSS.
export function ToggleTable(props: Props) {
  const { rows, environments, order, picked, canWrite, isLoading, switches, onOrder, onPick } = props;
  const names = rows.map(({ name }) => name);
  const count = names.filter((name) => picked.has(name)).length;
  const sort = (title: string, field: ToggleOrderField, className?: string) => (
    <SortHeader
      title={title}
      className={className}
      direction={order.field === field ? (order.isDescending ? "descending" : "ascending") : undefined}
      onSort={() => onOrder({ field, isDescending: order.field === field && !order.isDescending })}
    />
  );

  return (
    <table role="table" className={css.table} aria-label="Toggles" aria-busy={isLoading}>
      <thead role="rowgroup" className={css.head}>
        <tr role="row">
          {canWrite && (
            <th role="columnheader" scope="col" className={css.pick}>
              <Checkbox
                label="Select all toggles of this page"
                checked={count > 0 && count === names.length}
                mixed={count > 0 && count < names.length}
                onChange={(isPicked) => onPick(names, isPicked)}
              />
            </th>
          )}
          {sort("Toggle", "NAME")}
          {environments.map(({ id, name, type }) => (
            <th key={id} role="columnheader" scope="col" className={css.environment}>
              <EnvironmentName name={name} type={type} />
            </th>
          ))}
          {sort("Type", "TYPE", css.type)}
          {sort("Last seen", "LAST_SEEN_AT", css.time)}
          {sort("Changed", "UPDATED_AT", css.time)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((toggle) => (
          <tr key={toggle.id} role="row" className={css.row} data-picked={picked.has(toggle.name)}>
            {canWrite && (
              <td role="cell" className={css.pick}>
                <Checkbox
                  label={`Select ${toggle.name}`}
                  checked={picked.has(toggle.name)}
                  onChange={(isPicked) => onPick([toggle.name], isPicked)}
                />
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
                  {configuration && (
                    <SwitchCell
                      toggle={toggle.name}
                      environment={environment}
                      configuration={configuration}
                      switches={switches}
                      disabled={!canWrite || toggle.archived}
                    />
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
        ))}
      </tbody>
    </table>
  );
}

function NameCell({ toggle }: { toggle: ToggleRowFragment }) {
  return (
    <div className={css.about}>
      <div className={css.title}>
        <bdi className={`${css.text} cut`} title={toggle.name}>
          {toggle.name}
        </bdi>
        {toggle.archived && <Badge tone="plain">archived</Badge>}
        {toggle.stale && <Badge tone="warn">stale</Badge>}
        {toggle.potentiallyStale && !toggle.stale && <Badge tone="warn">past its lifetime</Badge>}
        {toggle.lifecycle.stage === "COMPLETED" && <Badge tone="good">completed</Badge>}
        <span className={css.tags}>
          {toggle.tags.map(({ type, value }) => (
            <Tag key={`${type.id}:${value}`} type={type.name} value={value} />
          ))}
        </span>
      </div>
      {toggle.description && (
        <div className={`${css.description} cut`} title={toggle.description}>
          {toggle.description}
        </div>
      )}
    </div>
  );
}
