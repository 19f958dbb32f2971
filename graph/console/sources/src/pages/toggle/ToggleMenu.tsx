import { useLocation } from "wouter";

import type { ChangeInput } from "../../gql/edits.ts";
import { Menu } from "../../parts/Menu.tsx";

/** Changes of a whole toggle. */
export interface WholeChange {
  title: string;
  changes: readonly ChangeInput[];
}

interface Props {
  name: string;
  isArchived: boolean;
  onChoose: (change: WholeChange) => void;
}

/** The actions on a toggle as a whole. */
export function ToggleMenu({ name, isArchived, onChoose }: Props) {
  const [, navigate] = useLocation();
  const item = (title: string, change: ChangeInput) => ({
    key: title,
    content: title,
    onChoose: () => onChoose({ title: `${title} ${name}`, changes: [change] }),
  });
  const items = isArchived
    ? [item("Revive", { toggleRevive: { name } }), item("Delete", { toggleDelete: { name } })]
    : [item("Archive", { toggleArchive: { name } })];
  const copy = {
    key: "copy",
    content: "Create a similar toggle",
    onChoose: () => navigate(`/toggles/new?from=${encodeURIComponent(name)}`),
  };
  return <Menu title="More" items={[copy, ...items]} />;
}
