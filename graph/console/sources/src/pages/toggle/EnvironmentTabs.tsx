import type { Toggle } from "./toggle.ts";
import { Badge } from "../../parts/Badge.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { Tabs } from "../../parts/Tabs.tsx";

interface Props {
  configurations: Toggle["environments"];
  /** Whether the toggle is archived, so that it is on nowhere. */
  isArchived: boolean;
  current: string;
  panel: string;
  /** The environments with unsaved edits. */
  edited: ReadonlySet<string>;
  onChange: (environment: string) => void;
}

/** A tab for each environment, which tells whether the toggle is on there. */
export function EnvironmentTabs({ configurations, isArchived, current, panel, edited, onChange }: Props) {
  return (
    <Tabs
      label="Environments"
      current={current}
      panel={panel}
      onChange={onChange}
      tabs={configurations.map(({ environment: { name, type }, enabled }) => ({
        key: name,
        content: (
          <>
            <EnvironmentName name={name} type={type} />
            {!isArchived && <Badge tone={enabled ? "good" : "plain"}>{enabled ? "on" : "off"}</Badge>}
            {edited.has(name) && <Badge tone="warn">edited</Badge>}
          </>
        ),
      }))}
    />
  );
}
