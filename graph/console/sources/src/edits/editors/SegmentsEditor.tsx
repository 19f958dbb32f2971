import { useMemo, useState } from "react";

import css from "./editors.module.css";
import type { Definitions, SegmentDefinition } from "../definitions.ts";
import { useQuery } from "../../app/client.ts";
import { FoundSegmentsDocument } from "../../gql/edits.ts";
import { Chip } from "../../parts/Chip.tsx";
import { Field } from "../../parts/Field.tsx";
import { SelectField } from "../../parts/SelectField.tsx";

interface Props {
  /** The IDs of segments. */
  segments: readonly string[];
  /** The names of the known segments by ID. */
  names: ReadonlyMap<string, string>;
  definitions: Definitions;
  onChange: (segments: readonly string[]) => void;
}

/** The segments within which a strategy matches. */
export function SegmentsEditor({ segments, names, definitions, onChange }: Props) {
  if (definitions.segmentCount === 0 && segments.length === 0) return null;
  const isLong = definitions.segmentCount > definitions.segments.length;
  const Choice = isLong ? SearchedChoice : ListedChoice;
  return (
    <fieldset className={css.group}>
      <legend className={css.legend}>
        Segments <span className={css.note}>all must match</span>
      </legend>
      {segments.length > 0 && (
        <div className={css.line}>
          {segments.map((id) => (
            <Chip
              key={id}
              kind="segment"
              text={names.get(id) ?? id}
              onRemove={() => onChange(segments.filter((other) => other !== id))}
            />
          ))}
        </div>
      )}
      <div className={css.pair}>
        <Choice
          choices={definitions.segments}
          chosen={segments}
          onChoose={(id) => onChange([...segments, id])}
        />
      </div>
    </fieldset>
  );
}

interface ChoiceProps {
  choices: readonly SegmentDefinition[];
  chosen: readonly string[];
  onChoose: (id: string) => void;
}

function ListedChoice({ choices, chosen, onChoose }: ChoiceProps) {
  const options = choices
    .filter(({ id }) => !chosen.includes(id))
    .map(({ id, name }) => ({ value: id, text: name }));
  return (
    <SelectField
      label="Add a segment"
      value=""
      options={[{ value: "", text: "Choose a segment" }, ...options]}
      onChange={(id) => id && onChoose(id)}
    />
  );
}

function SearchedChoice({ chosen, onChoose }: ChoiceProps) {
  const [search, setSearch] = useState("");
  const { data } = useQuery(FoundSegmentsDocument, useMemo(() => ({ search }), [search]));
  return (
    <>
      <Field label="Search segments" value={search} onChange={setSearch} />
      <ListedChoice choices={data?.segments.nodes ?? []} chosen={chosen} onChoose={onChoose} />
    </>
  );
}
