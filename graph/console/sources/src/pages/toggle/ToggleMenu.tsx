import { useLocation } from "wouter";

import type { Toggle } from "./toggle.ts";
import type { ChangeInput } from "../../gql/edits.ts";
import { Menu } from "../../parts/Menu.tsx";

/** What a review shows. */
export interface MenuChange {
  title: string;
  changes: readonly ChangeInput[];
  /** Whether the review proposes a later time. */
  isLater?: boolean;
}

interface Props {
  name: string;
  isArchived: boolean;
  /** The chosen environment. */
  configuration: Toggle["environments"][number] | undefined;
  onChoose: (change: MenuChange) => void;
}

/** The actions that need no edits on the page. */
export function ToggleMenu({ name, isArchived, configuration, onChoose }: Props) {
  const [, navigate] = useLocation();
  const item = (title: string, change: ChangeInput) => ({
    key: title,
    content: title,
    onChoose: () => onChoose({ title: `${title} ${name}`, changes: [change] }),
  });
  const items = isArchived
    ? [item("Revive", { toggleRevive: { name } }), item("Delete", { toggleDelete: { name } })]
    : [item("Archive", { toggleArchive: { name } })];
  const schedule = configuration && {
    key: "schedule",
    content: "Schedule a switch…",
    onChoose: () => onChoose(laterSwitch(name, configuration)),
  };
  const copy = {
    key: "copy",
    content: "Create a similar toggle",
    onChoose: () => navigate(`/toggles/new?from=${encodeURIComponent(name)}`),
  };
  return <Menu title="More" items={[...(schedule && !isArchived ? [schedule] : []), copy, ...items]} />;
}

function laterSwitch(name: string, { enabled, environment }: Toggle["environments"][number]): MenuChange {
  return {
    title: `Switch ${name} ${enabled ? "off" : "on"} in ${environment.name}`,
    changes: [{ toggleSetEnabled: { name, environment: environment.name, enabled: !enabled } }],
    isLater: true,
  };
}
