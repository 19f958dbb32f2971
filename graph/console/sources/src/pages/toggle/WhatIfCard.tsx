import css from "./WhatIfCard.module.css";
import type { Values } from "./context.ts";
import { VerdictBox } from "./VerdictBox.tsx";
import type { WhatIf } from "./whatIf.ts";
import { legalValuesOf } from "../../edits/definitions.ts";
import type { Definitions } from "../../edits/definitions.ts";
import { Card } from "../../parts/Card.tsx";
import { Field } from "../../parts/Field.tsx";
import { SelectField } from "../../parts/SelectField.tsx";

interface Props {
  /** The context fields to fill in. */
  fields: readonly string[];
  values: Values;
  definitions: Definitions;
  whatIf: WhatIf;
  isEdited: boolean;
  onChange: (values: Values) => void;
}

const LABELS: ReadonlyMap<string, string> = new Map([
  ["userId", "User ID"],
  ["sessionId", "Session ID"],
  ["remoteAddress", "Address"],
  ["appName", "Application"],
  ["currentTime", "Time"],
]);

/** Answers what a user would get, now and with the unsaved edits. */
export function WhatIfCard({ fields, values, definitions, whatIf, isEdited, onChange }: Props) {
  const { now, then, problem, isCurrent } = whatIf;
  const others = definitions.contextFields.map(({ name }) => name).filter((name) => !fields.includes(name));
  return (
    <Card title="What would a user get?">
      <div className={css.fields}>
        {fields.map((name) => (
          <Field
            key={name}
            label={LABELS.get(name) ?? name}
            {...(name === "currentTime" && { hint: "Such as 2030-01-31T12:00:00Z" })}
            placeholder={name === "currentTime" ? "now" : "not given"}
            suggestions={legalValuesOf(definitions, name)}
            value={values.get(name) ?? ""}
            onChange={(value) => onChange(new Map(values).set(name, value))}
          />
        ))}
        {others.length > 0 && (
          <SelectField
            label="More of the context"
            value=""
            options={[
              { value: "", text: "Choose a field" },
              ...others.map((name) => ({ value: name, text: LABELS.get(name) ?? name })),
            ]}
            onChange={(name) => name && onChange(new Map(values).set(name, ""))}
          />
        )}
      </div>
      <div className={css.verdicts} role="status" aria-busy={!isCurrent}>
        {now && <VerdictBox title={isEdited ? "Now" : undefined} verdict={now} definitions={definitions} />}
        {problem !== undefined ? (
          <p className={css.problem}>{problem}</p>
        ) : (
          isEdited && then && <VerdictBox title="With your edits" verdict={then} definitions={definitions} />
        )}
      </div>
    </Card>
  );
}
