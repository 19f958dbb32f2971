import css from "./editors.module.css";
import { labelOf } from "./labels.ts";
import { RolloutField } from "./RolloutField.tsx";
import { stickinessOptions } from "../definitions.ts";
import type { Definitions, StrategyDefinition } from "../definitions.ts";
import { CheckField } from "../../parts/CheckField.tsx";
import { Field } from "../../parts/Field.tsx";
import { SelectField } from "../../parts/SelectField.tsx";
import { ValuesField } from "../../parts/ValuesField.tsx";

interface Props {
  parameter: StrategyDefinition["parameters"][number];
  value: string;
  definitions: Definitions;
  onChange: (value: string) => void;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The field for a parameter of a strategy, according to the type of the parameter. */
export function ParameterField({ parameter, value, definitions, onChange }: Props) {
  const { name, type, description, required } = parameter;
  const label = labelOf(name);
  if (name === "stickiness") {
    return (
      <SelectField
        label="Kept stable by"
        value={value || "default"}
        options={stickinessOptions(definitions, value)}
        onChange={onChange}
      />
    );
  }
  if (type === "percentage") return <RolloutField label={label} value={value} onChange={onChange} />;
  if (type === "boolean") {
    return (
      <div className={css.line}>
        <CheckField
          label={label}
          hint={description}
          checked={value === "true"}
          onChange={(checked) => onChange(String(checked))}
        />
      </div>
    );
  }
  if (type === "list") {
    return (
      <ValuesField
        label={label}
        values={value.split(",").map((item) => item.trim()).filter((item) => item !== "")}
        onChange={(values) => onChange(values.join(","))}
      />
    );
  }
  const isNumber = type === "number";
  return (
    <Field
      label={label}
      hint={description}
      inputMode={isNumber ? "decimal" : "text"}
      problem={problemOf(value, isNumber, required)}
      value={value}
      onChange={onChange}
    />
  );
}

function problemOf(value: string, isNumber: boolean, isRequired: boolean): string | undefined {
  if (value === "") return isRequired ? "This strategy needs a value here." : undefined;
  return isNumber && !NUMBER.test(value) ? "Enter a number." : undefined;
}
