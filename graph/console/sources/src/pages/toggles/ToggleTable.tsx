import css from "./ToggleTable.module.css";
import { ToggleRow } from "./ToggleRow.tsx";
import type { EnvironmentPartsFragment, ToggleOrderField, ToggleRowFragment } from "../../gql/toggles.ts";
import { Checkbox } from "../../parts/Checkbox.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { SortHeader } from "../../parts/SortHeader.tsx";

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
  onOrder: (order: Order) => void;
  onPick: (names: readonly string[], isPicked: boolean) => void;
}

// The roles are explicit, because narrow screens show rows as cards, which removes the implicit roles.
export function ToggleTable(props: Props) {
  const { rows, environments, order, picked, canWrite, isLoading, onOrder, onPick } = props;
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
    <div className={css.container}>
      <table
        role="table"
        className={css.table}
        aria-label="Toggles"
        aria-busy={isLoading}
        data-many={environments.length > 3}
      >
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
            <ToggleRow
              key={toggle.id}
              toggle={toggle}
              environments={environments}
              isPicked={picked.has(toggle.name)}
              canWrite={canWrite}
              onPick={(isPicked) => onPick([toggle.name], isPicked)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
