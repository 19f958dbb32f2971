import { Trash2 } from "lucide-react";

import type { ParameterDraft } from "./kind.ts";
import css from "../../edits/editors/editors.module.css";
import { AddItem } from "../../parts/AddItem.tsx";
import { CheckField } from "../../parts/CheckField.tsx";
import { Field } from "../../parts/Field.tsx";
import { IconButton } from "../../parts/IconButton.tsx";
import { useRemoval } from "../../parts/removal.ts";
import { SelectField } from "../../parts/SelectField.tsx";

interface Props {
  parameters: readonly ParameterDraft[];
  onChange: (parameters: readonly ParameterDraft[]) => void;
}

const TYPES = [
  { value: "string", text: "text" },
  { value: "number", text: "number" },
  { value: "percentage", text: "percentage" },
  { value: "boolean", text: "yes or no" },
  { value: "list", text: "list of texts" },
];
const ADDED: ParameterDraft = { name: "", type: "string", description: "", required: false };

/** The parameters of a strategy, in the order in which forms show them. */
export function ParametersEditor({ parameters, onChange }: Props) {
  const { addButton, remove } = useRemoval(parameters, onChange);

  return (
    <fieldset className={css.group}>
      <legend className={css.legend}>
        Parameters <span className={css.note}>what toggles say to the strategy</span>
      </legend>
      {parameters.map((parameter, index) => (
        <ParameterEditor
          key={index}
          number={index + 1}
          parameter={parameter}
          onChange={(next) => onChange(parameters.with(index, next))}
          onRemove={() => remove(index)}
        />
      ))}
      <AddItem title="Add a parameter" ref={addButton} onAdd={() => onChange([...parameters, ADDED])} />
    </fieldset>
  );
}

interface ParameterProps {
  number: number;
  parameter: ParameterDraft;
  onChange: (parameter: ParameterDraft) => void;
  onRemove: () => void;
}

function ParameterEditor({ number, parameter, onChange, onRemove }: ParameterProps) {
  const words = parameter.name || String(number);
  const set = (fields: Partial<ParameterDraft>) => onChange({ ...parameter, ...fields });
  return (
    <div className={css.item} role="group" aria-label={`Parameter ${words}`}>
      <div className={css.line}>
        <p className={css.phrase}>
          <bdi>{words}</bdi>
        </p>
        <IconButton label={`Remove the parameter ${words}`} icon={Trash2} onClick={onRemove} />
      </div>
      <div className={css.pair}>
        <Field label="Name of the parameter" isCode value={parameter.name} onChange={(name) => set({ name })} />
        <SelectField label="Type" value={parameter.type} options={TYPES} onChange={(type) => set({ type })} />
      </div>
      <Field label="Description of the parameter" value={parameter.description} onChange={(description) => set({ description })} />
      <CheckField label="Required" checked={parameter.required} onChange={(required) => set({ required })} />
    </div>
  );
}
