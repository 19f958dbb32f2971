import { useState } from "react";

import css from "./BulkBar.module.css";
import { TagDialog } from "./TagDialog.tsx";
import type { EnvironmentPartsFragment, ToggleRowFragment } from "../../gql/toggles.ts";
import { Button } from "../../parts/Button.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { FloatingBar } from "../../parts/FloatingBar.tsx";
import { Menu } from "../../parts/Menu.tsx";

interface Props {
  /** The number of selected toggles, some of which may be on other pages of the list. */
  count: number;
  /** The selected toggles on this page of the list. */
  rows: readonly ToggleRowFragment[];
  environments: readonly EnvironmentPartsFragment[];
  maxChanges: number;
  /** Selects all toggles of the list; undefined if no more toggles can be selected. */
  selectAll: { count: number; run: () => void } | undefined;
  isArchive: boolean;
  onAction: (action: string) => void;
  onClear: () => void;
}

/** The actions on the selected toggles. Each action opens a review. */
export function BulkBar(props: Props) {
  const { count, rows, environments, maxChanges, selectAll, isArchive, onAction, onClear } = props;
  const [isTagging, setTagging] = useState(false);

  const switchItems = (verb: string) =>
    environments.map(({ name, type }) => ({
      key: name,
      content: <EnvironmentName name={name} type={type} />,
      onChoose: () => onAction(`${verb}:${name}`),
    }));
  const tags = new Set(rows.flatMap((row) => row.tags.map(({ type, value }) => `${type.name}:${value}`)));
  const tagItems = [
    { key: "+", content: "Add a tag…", onChoose: () => setTagging(true) },
    ...[...tags].sort().map((tag) => ({
      key: tag,
      content: `Remove ${tag.replace(/^simple:/, "")}`,
      onChoose: () => onAction(`untag:${tag}`),
    })),
  ];

  return (
    <FloatingBar label="Selected toggles">
      <p className={css.count} role="status">
        <strong>{count} selected</strong>
        {count > maxChanges && ` (at most ${maxChanges} can be changed at once)`}
      </p>
      {selectAll && (
        <Button small onClick={selectAll.run}>
          Select all {selectAll.count}
        </Button>
      )}
      {count > maxChanges ? null : isArchive ? (
        <Button small onClick={() => onAction("revive")}>
          Revive
        </Button>
      ) : (
        <>
          <Menu small title="Switch on in" items={switchItems("on")} />
          <Menu small title="Switch off in" items={switchItems("off")} />
          <Menu
            small
            title="Stale"
            items={[
              { key: "stale", content: "Mark as stale", onChoose: () => onAction("stale") },
              { key: "fresh", content: "Mark as not stale", onChoose: () => onAction("fresh") },
            ]}
          />
          <Menu small title="Tags" items={tagItems} />
          <Button small kind="danger" onClick={() => onAction("archive")}>
            Archive
          </Button>
        </>
      )}
      <Button small keys="Escape" onClick={onClear}>
        Clear
      </Button>
      {isTagging && (
        <TagDialog
          onClose={() => setTagging(false)}
          onTag={(tag) => {
            setTagging(false);
            onAction(`tag:${tag}`);
          }}
        />
      )}
    </FloatingBar>
  );
}
