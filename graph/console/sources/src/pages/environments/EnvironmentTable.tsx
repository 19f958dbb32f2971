import { ArrowDown, ArrowUp } from "lucide-react";

import css from "./page.module.css";
import { TYPES } from "./changes.ts";
import type { Environment } from "./changes.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Button } from "../../parts/Button.tsx";
import { DataTable } from "../../parts/DataTable.tsx";
import type { Column } from "../../parts/DataTable.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { IconButton } from "../../parts/IconButton.tsx";
import { Switch } from "../../parts/Switch.tsx";

export type EnvironmentAction = "type" | "enable" | "disable" | "delete";

interface Props {
  rows: readonly Environment[];
  canWrite: boolean;
  isLoading: boolean;
  /** Moves an environment by a number of places; undefined if the rows are not all environments. */
  onMove: ((name: string, places: number) => void) | undefined;
  onAction: (action: EnvironmentAction, name: string) => void;
}

/** The environments in their order, which all lists and tabs of the console have. */
export function EnvironmentTable({ rows, canWrite, isLoading, onMove, onAction }: Props) {
  const first = rows[0]?.name;
  const last = rows.at(-1)?.name;
  const columns: Column<Environment>[] = [
    {
      title: "Environment",
      cell: ({ name, type, builtIn }) => (
        <div className={css.name}>
          <EnvironmentName name={name} type={type} />
          {builtIn && <Badge tone="plain">built in</Badge>}
          {type === "PRODUCTION" && <Badge tone="warn">protected</Badge>}
        </div>
      ),
    },
    {
      title: "Type",
      width: 130,
      cell: ({ type }) => TYPES.find(({ value }) => value === type)?.text,
    },
    {
      title: "In use",
      width: 90,
      cell: ({ name, enabled, builtIn }) => (
        <Switch
          label={`${name} in use`}
          on={enabled}
          disabled={!canWrite || builtIn}
          onChange={(on) => onAction(on ? "enable" : "disable", name)}
        />
      ),
    },
    { title: "Toggles on", width: 100, cell: ({ enabledToggleCount }) => enabledToggleCount },
  ];
  if (canWrite && onMove) {
    columns.push({
      title: "Order",
      width: 100,
      cell: ({ name }) => (
        <div className={css.order}>
          {name !== first && <IconButton label={`Move ${name} up`} icon={ArrowUp} onClick={() => onMove(name, -1)} />}
          {name !== last && <IconButton label={`Move ${name} down`} icon={ArrowDown} onClick={() => onMove(name, 1)} />}
        </div>
      ),
    });
  }
  if (canWrite) {
    columns.push({
      title: "Actions",
      width: 160,
      isTitleHidden: true,
      cell: ({ name, builtIn }) => (
        <div className={css.actions}>
          <Button small label={`Change the type of ${name}`} onClick={() => onAction("type", name)}>
            Type…
          </Button>
          {!builtIn && (
            <Button small kind="danger" label={`Delete ${name}`} onClick={() => onAction("delete", name)}>
              Delete…
            </Button>
          )}
        </div>
      ),
    });
  }
  return <DataTable label="Environments" columns={columns} rows={rows} keyOf={({ id }) => id} isLoading={isLoading} />;
}
