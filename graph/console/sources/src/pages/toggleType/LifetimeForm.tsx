import { useState } from "react";

import type { ToggleTypeDraft } from "./kind.ts";
import css from "../../edits/editors/editors.module.css";
import type { FormProps } from "../../objects/kind.ts";
import { CheckField } from "../../parts/CheckField.tsx";
import { Field } from "../../parts/Field.tsx";

// The lifetime that a limit begins with.
const FIRST_DAYS = 40;

/** The expected lifetime of the toggles of a type. */
export function LifetimeForm({ draft: { lifetimeDays }, onChange }: FormProps<ToggleTypeDraft>) {
  return (
    <div className={css.fields}>
      <CheckField
        label="Toggles of this type have a limited lifetime"
        checked={lifetimeDays !== null}
        onChange={(isLimited) => onChange({ lifetimeDays: isLimited ? FIRST_DAYS : null })}
      />
      {lifetimeDays !== null && <DaysField days={lifetimeDays} onChange={(days) => onChange({ lifetimeDays: days })} />}
    </div>
  );
}

/** A number of days. Only valid numbers become part of the draft. */
function DaysField({ days, onChange }: { days: number; onChange: (days: number) => void }) {
  const [text, setText] = useState(String(days));
  const number = daysOf(text);
  const shown = number === undefined || number === days ? text : String(days);
  return (
    <Field
      label="Expected lifetime in days"
      inputMode="decimal"
      value={shown}
      problem={daysOf(shown) === undefined ? "Enter a whole number of days, such as 40." : undefined}
      onChange={(next) => {
        setText(next);
        const entered = daysOf(next);
        if (entered !== undefined) onChange(entered);
      }}
    />
  );
}

// The server explains numbers that are too large or too small.
function daysOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}
