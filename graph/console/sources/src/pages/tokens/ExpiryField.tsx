import { useState } from "react";

import css from "./tokens.module.css";
import { inDays } from "./token.ts";
import { DateTimeField } from "../../parts/DateTimeField.tsx";
import { SelectField } from "../../parts/SelectField.tsx";

interface Props {
  /** A time of the API, or an empty string for never. */
  value: string;
  onChange: (value: string) => void;
}

const SPANS = [
  { value: "30", text: "in 30 days" },
  { value: "90", text: "in 90 days" },
  { value: "365", text: "in a year" },
];

/** When a token expires: never, after a span, or at a time. */
export function ExpiryField({ value, onChange }: Props) {
  const [choice, setChoice] = useState(value === "" ? "never" : "time");
  return (
    <div className={css.pair}>
      <SelectField
        label="Expires"
        value={choice}
        options={[{ value: "never", text: "never" }, ...SPANS, { value: "time", text: "at a time…" }]}
        onChange={(next) => {
          setChoice(next);
          if (next === "never") onChange("");
          else if (next !== "time" || value === "") onChange(inDays(next === "time" ? 30 : Number(next), Date.now()));
        }}
      />
      {choice === "time" && <DateTimeField label="Time" value={value} onChange={onChange} />}
    </div>
  );
}
