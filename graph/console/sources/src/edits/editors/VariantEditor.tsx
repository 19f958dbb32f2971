import { useState } from "react";
import { Trash2 } from "lucide-react";

import css from "./editors.module.css";
import { OverridesEditor } from "./OverridesEditor.tsx";
import { payloadProblem } from "./payload.ts";
import type { Definitions } from "../definitions.ts";
import type { VariantDraft } from "../draft.ts";
import { CheckField } from "../../parts/CheckField.tsx";
import { Field } from "../../parts/Field.tsx";
import { IconButton } from "../../parts/IconButton.tsx";
import { SelectField } from "../../parts/SelectField.tsx";

interface Props {
  variant: VariantDraft;
  /** The share in percent. */
  share: number;
  /** Whether another variant has the same name. */
  isDuplicate: boolean;
  definitions: Definitions;
  onChange: (variant: VariantDraft) => void;
  onRemove: () => void;
}

const NO_PAYLOAD = "";
const PAYLOADS = [
  { value: NO_PAYLOAD, text: "none" },
  { value: "string", text: "text" },
  { value: "number", text: "number" },
  { value: "json", text: "JSON" },
  { value: "csv", text: "values separated by commas" },
];

export function VariantEditor({ variant, share, isDuplicate, definitions, onChange, onRemove }: Props) {
  const { name, weightType, payload, overrides } = variant;
  const isFixed = weightType === "FIX";
  return (
    <div className={css.item} role="group" aria-label={`Variant ${name}`}>
      <div className={css.line}>
        <p className={css.phrase}>
          {name} <span className={css.note}>{share} %</span>
        </p>
        <IconButton label={`Remove the variant ${name}`} icon={Trash2} onClick={onRemove} />
      </div>
      <div className={css.pair}>
        <Field
          label="Name"
          value={name}
          problem={isDuplicate ? "Another variant has this name." : undefined}
          onChange={(next) => onChange({ ...variant, name: next })}
        />
        {isFixed && (
          <ShareField thousandths={variant.weight ?? 0} onChange={(weight) => onChange({ ...variant, weight })} />
        )}
      </div>
      <div className={css.line}>
        <CheckField
          label="Fixed share"
          hint="Other variants share the rest equally."
          checked={isFixed}
          onChange={(checked) =>
            onChange({
              ...variant,
              weightType: checked ? "FIX" : "VARIABLE",
              weight: checked ? Math.round(share * 10) : null,
            })
          }
        />
      </div>
      <SelectField
        label="Payload"
        value={payload?.type ?? NO_PAYLOAD}
        options={PAYLOADS}
        onChange={(type) =>
          onChange({ ...variant, payload: type === NO_PAYLOAD ? null : { type, value: payload?.value ?? "" } })
        }
      />
      {payload && (
        <Field
          label="Value of the payload"
          isCode
          rows={payload.type === "json" ? 4 : 1}
          problem={payloadProblem(payload)}
          value={payload.value}
          onChange={(value) => onChange({ ...variant, payload: { ...payload, value } })}
        />
      )}
      <OverridesEditor
        overrides={overrides}
        definitions={definitions}
        onChange={(next) => onChange({ ...variant, overrides: next })}
      />
    </div>
  );
}

interface ShareProps {
  thousandths: number;
  onChange: (thousandths: number) => void;
}

/** A share in percent. Only valid shares become part of the draft. */
function ShareField({ thousandths, onChange }: ShareProps) {
  const [text, setText] = useState(String(thousandths / 10));
  const shown = thousandthsOf(text) === thousandths || thousandthsOf(text) === undefined ? text : String(thousandths / 10);
  return (
    <Field
      label="Share in percent"
      inputMode="decimal"
      value={shown}
      problem={thousandthsOf(shown) === undefined ? "Enter a number from 0 to 100 with at most one decimal." : undefined}
      onChange={(next) => {
        setText(next);
        const number = thousandthsOf(next);
        if (number !== undefined) onChange(number);
      }}
    />
  );
}

function thousandthsOf(text: string): number | undefined {
  if (!/^\d+([.,]\d)?$/.test(text)) return undefined;
  const number = Math.round(Number(text.replace(",", ".")) * 10);
  return number <= 1000 ? number : undefined;
}
