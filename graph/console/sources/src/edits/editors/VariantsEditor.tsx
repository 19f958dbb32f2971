import css from "./editors.module.css";
import { VariantEditor } from "./VariantEditor.tsx";
import { stickinessOptions } from "../definitions.ts";
import type { Definitions } from "../definitions.ts";
import type { VariantDraft } from "../draft.ts";
import { sharesOf, weightProblem } from "../phrases.ts";
import { AddItem } from "../../parts/AddItem.tsx";
import { useRemoval } from "../../parts/removal.ts";
import { SelectField } from "../../parts/SelectField.tsx";

interface Props {
  variants: readonly VariantDraft[];
  definitions: Definitions;
  onChange: (variants: readonly VariantDraft[]) => void;
}

/** The variants of an environment or of a strategy. */
export function VariantsEditor({ variants, definitions, onChange }: Props) {
  const shares = sharesOf(variants);
  const problem = weightProblem(variants);
  const stickiness = variants[0]?.stickiness ?? "default";
  const { addButton, remove } = useRemoval(variants, onChange);

  function add() {
    const names = new Set(variants.map(({ name }) => name));
    let number = variants.length + 1;
    while (names.has(`variant-${number}`)) number += 1;
    const added: VariantDraft = {
      name: `variant-${number}`,
      weightType: "VARIABLE",
      weight: null,
      stickiness,
      payload: null,
      overrides: [],
    };
    onChange([...variants, added]);
  }

  return (
    <div className={css.group}>
      {variants.length > 0 && (
        <SelectField
          label="Kept stable by"
          value={stickiness}
          options={stickinessOptions(definitions, stickiness)}
          onChange={(next) => onChange(variants.map((variant) => ({ ...variant, stickiness: next })))}
        />
      )}
      {variants.map((variant, index) => (
        <VariantEditor
          key={index}
          variant={variant}
          share={shares[index] ?? 0}
          isDuplicate={variants.some((other, place) => place !== index && other.name === variant.name)}
          definitions={definitions}
          onChange={(next) => onChange(variants.with(index, next))}
          onRemove={() => remove(index)}
        />
      ))}
      {problem && <p className={css.problem}>{problem}</p>}
      <AddItem title="Add a variant" ref={addButton} onAdd={add} />
    </div>
  );
}
