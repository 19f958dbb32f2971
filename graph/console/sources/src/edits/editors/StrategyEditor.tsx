import css from "./editors.module.css";
import { ConstraintsEditor } from "./ConstraintsEditor.tsx";
import { labelOf } from "./labels.ts";
import { ParameterField } from "./ParameterField.tsx";
import { SegmentsEditor } from "./SegmentsEditor.tsx";
import { VariantsEditor } from "./VariantsEditor.tsx";
import { strategyTitle } from "../definitions.ts";
import type { Definitions } from "../definitions.ts";
import type { StrategyDraft } from "../draft.ts";
import { CheckField } from "../../parts/CheckField.tsx";
import { Field } from "../../parts/Field.tsx";

interface Props {
  strategy: StrategyDraft;
  definitions: Definitions;
  /** The names of the known segments by ID. */
  segmentNames: ReadonlyMap<string, string>;
  onChange: (strategy: StrategyDraft) => void;
}

/** The fields of a strategy. */
export function StrategyEditor({ strategy, definitions, segmentNames, onChange }: Props) {
  const { name, title, disabled, parameters, constraints, segments, variants } = strategy;
  const declared = definitions.strategies.find((each) => each.name === name)?.parameters ?? [];
  const others = Object.keys(parameters).filter((key) => !declared.some((parameter) => parameter.name === key));
  const setParameter = (key: string, value: string) =>
    onChange({ ...strategy, parameters: { ...parameters, [key]: value } });
  return (
    <div className={css.fields}>
      <Field
        label="Title"
        hint="Distinguishes this strategy from others."
        placeholder={strategyTitle({ name, title: "" }, definitions.titles)}
        value={title}
        onChange={(next) => onChange({ ...strategy, title: next })}
      />
      {declared.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={Object.hasOwn(parameters, parameter.name) ? (parameters[parameter.name] ?? "") : ""}
          definitions={definitions}
          onChange={(value) => setParameter(parameter.name, value)}
        />
      ))}
      {others.map((key) => (
        <Field
          key={key}
          label={labelOf(key)}
          hint="The definition of the strategy does not declare this parameter."
          value={parameters[key] ?? ""}
          onChange={(value) => setParameter(key, value)}
        />
      ))}
      <ConstraintsEditor
        constraints={constraints}
        definitions={definitions}
        onChange={(next) => onChange({ ...strategy, constraints: next })}
      />
      <SegmentsEditor
        segments={segments}
        names={segmentNames}
        definitions={definitions}
        onChange={(next) => onChange({ ...strategy, segments: next })}
      />
      <fieldset className={css.group}>
        <legend className={css.legend}>
          Variants <span className={css.note}>replace those of the environment if this strategy matches</span>
        </legend>
        <VariantsEditor
          variants={variants}
          definitions={definitions}
          onChange={(next) => onChange({ ...strategy, variants: next })}
        />
      </fieldset>
      <CheckField
        label="Active"
        hint="Applications do not get a strategy that is not active."
        checked={!disabled}
        onChange={(checked) => onChange({ ...strategy, disabled: !checked })}
      />
    </div>
  );
}
