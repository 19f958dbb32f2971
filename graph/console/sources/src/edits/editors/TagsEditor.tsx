import { useState } from "react";

import css from "./editors.module.css";
import type { Definitions } from "../definitions.ts";
import { isEqual } from "../draft.ts";
import type { TagDraft } from "../draft.ts";
import { Button } from "../../parts/Button.tsx";
import { Chip } from "../../parts/Chip.tsx";
import { Field } from "../../parts/Field.tsx";
import { SelectField } from "../../parts/SelectField.tsx";

interface Props {
  tags: readonly TagDraft[];
  definitions: Definitions;
  onChange: (tags: readonly TagDraft[]) => void;
}

/** The tags of a toggle. */
export function TagsEditor({ tags, definitions, onChange }: Props) {
  const [type, setType] = useState("simple");
  const [value, setValue] = useState("");
  const added = { type, value: value.trim() };

  function add() {
    if (added.value === "") return;
    if (!tags.some((tag) => isEqual(tag, added))) onChange([...tags, added]);
    setValue("");
  }

  return (
    <fieldset className={css.group}>
      <legend className={css.legend}>Tags</legend>
      {tags.length > 0 && (
        <div className={css.line}>
          {tags.map((tag) => (
            <Chip
              key={`${tag.type}:${tag.value}`}
              kind={tag.type}
              text={tag.value}
              onRemove={() => onChange(tags.filter((other) => other !== tag))}
            />
          ))}
        </div>
      )}
      <div className={css.pair}>
        <SelectField
          label="Type of the new tag"
          value={type}
          options={definitions.tagTypes.map(({ name }) => ({ value: name, text: name }))}
          onChange={setType}
        />
        <Field
          label="New tag"
          value={value}
          maxLength={50}
          onChange={setValue}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
      </div>
      <div>
        <Button small disabled={added.value === ""} onClick={add}>
          Add the tag
        </Button>
      </div>
    </fieldset>
  );
}
