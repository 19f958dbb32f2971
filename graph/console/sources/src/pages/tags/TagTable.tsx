import { Link } from "wouter";

import { namedAddress } from "../../app/namedAddress.ts";
import type { TagsPageQuery } from "../../gql/tags.ts";
import { Button } from "../../parts/Button.tsx";
import { DataTable } from "../../parts/DataTable.tsx";
import type { Column } from "../../parts/DataTable.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { NameLink } from "../../parts/NameLink.tsx";
import { tagSearch } from "../../search/toggleSearch.ts";

type Tag = TagsPageQuery["tags"]["nodes"][number];

const COLUMNS: readonly Column<Tag>[] = [
  {
    title: "Tag",
    cell: ({ type, value }) => <NameLink href={tagSearch(type.name, value)} name={value} />,
  },
  {
    title: "Type",
    cell: ({ type: { name } }) => (
      <Link href={namedAddress("/tags/types", name)}>
        <bdi>{name}</bdi>
      </Link>
    ),
  },
  { title: "Toggles", width: 96, cell: ({ toggleCount }) => toggleCount },
];

interface Props {
  rows: readonly Tag[];
  isLoading: boolean;
  isFiltered: boolean;
  onShowAll: () => void;
}

/** Tags with the number of active toggles that have each. The name of a tag opens these toggles. */
export function TagTable({ rows, isLoading, isFiltered, onShowAll }: Props) {
  if (rows.length > 0) {
    return (
      <DataTable
        label="Tags"
        rows={rows}
        keyOf={({ type, value }) => `${type.id} ${value}`}
        columns={COLUMNS}
        isLoading={isLoading}
      />
    );
  }
  if (!isFiltered) return <Empty title="No toggle has a tag yet" />;
  return (
    <Empty title="No tag matches">
      <Button onClick={onShowAll}>Show all tags</Button>
    </Empty>
  );
}
