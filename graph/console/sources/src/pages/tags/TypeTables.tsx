import css from "./page.module.css";
import { namedAddress } from "../../app/namedAddress.ts";
import type { TagsPageQuery } from "../../gql/tags.ts";
import { ColorMark } from "../../objects/ColorMark.tsx";
import { DataTable } from "../../parts/DataTable.tsx";
import type { Column } from "../../parts/DataTable.tsx";
import { NameLink } from "../../parts/NameLink.tsx";

type TagType = TagsPageQuery["tagTypes"][number];
type ToggleType = TagsPageQuery["toggleTypes"][number];

const TAG_TYPES: readonly Column<TagType>[] = [
  {
    title: "Tag type",
    cell: ({ name, color }) => (
      <NameLink href={namedAddress("/tags/types", name)} name={name}>
        <ColorMark color={color} />
      </NameLink>
    ),
  },
  { title: "Description", cell: ({ description }) => <bdi>{description}</bdi> },
];
const TOGGLE_TYPES: readonly Column<ToggleType>[] = [
  {
    title: "Toggle type",
    cell: ({ name, title, description }) => (
      <NameLink href={namedAddress("/tags/toggle-types", name)} name={title || name} description={description} />
    ),
  },
  {
    title: "Expected lifetime",
    width: 132,
    cell: ({ lifetimeDays }) => (lifetimeDays === null ? "unlimited" : `${lifetimeDays} days`),
  },
];

interface Props {
  tagTypes: readonly TagType[];
  toggleTypes: readonly ToggleType[];
  isLoading: boolean;
}

/** The types of tags and of toggles. */
export function TypeTables({ tagTypes, toggleTypes, isLoading }: Props) {
  return (
    <>
      <section className={css.section} aria-labelledby="tag-types">
        <h2 id="tag-types">Tag types</h2>
        <p className={css.meaning}>The type says what a tag means, such as a team or a ticket.</p>
        <DataTable label="Tag types" rows={tagTypes} keyOf={({ id }) => id} columns={TAG_TYPES} isLoading={isLoading} />
      </section>
      <section className={css.section} aria-labelledby="toggle-types">
        <h2 id="toggle-types">Toggle types</h2>
        <p className={css.meaning}>
          Toggles that are older than the expected lifetime of their type are potentially stale, and listed under
          Clean-up.
        </p>
        <DataTable label="Toggle types" rows={toggleTypes} keyOf={({ id }) => id} columns={TOGGLE_TYPES} isLoading={isLoading} />
      </section>
    </>
  );
}
