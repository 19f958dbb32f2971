import css from "./webhooks.module.css";
import { FIRST_TYPES } from "./webhook.ts";
import { eventTypeWords, TYPE_GROUPS, typeOf } from "../app/eventTypes.ts";
import type { EventType } from "../gql/webhooks.ts";
import { AddFilter } from "../parts/AddFilter.tsx";
import { Chip } from "../parts/Chip.tsx";
import { SelectField } from "../parts/SelectField.tsx";

interface Props {
  /** Null for all types. */
  types: readonly EventType[] | null;
  problem: string | undefined;
  onChange: (types: readonly EventType[] | null) => void;
}

// Only a test sends this event, and each webhook gets it.
const NOT_SELECTABLE: EventType = "WEBHOOK_TESTED";

/** The types of events that a webhook gets. */
export function EventTypesField({ types, problem, onChange }: Props) {
  const groups = TYPE_GROUPS.map(({ title, options }) => ({
    title,
    options: options.filter(({ value }) => {
      const type = typeOf(value);
      return type !== NOT_SELECTABLE && !types?.includes(type);
    }),
  }));
  return (
    <div className={css.types} role="group" aria-label="Events">
      <SelectField
        label="Events"
        hint={
          types === null
            ? "Every change, also of types that later versions add."
            : types.length === 0
              ? "Add a type. Without one, nothing is sent."
              : undefined
        }
        value={types === null ? "all" : "some"}
        options={[
          { value: "all", text: "all types" },
          { value: "some", text: "only some types…" },
        ]}
        onChange={(choice) => onChange(choice === "all" ? null : FIRST_TYPES)}
      />
      {types && (
        <div className={css.chips}>
          {types.map((type) => (
            <Chip
              key={type}
              text={eventTypeWords(type)}
              onRemove={() => onChange(types.filter((each) => each !== type))}
            />
          ))}
          <AddFilter label="Add a type" groups={groups} onAdd={(value) => onChange([...types, typeOf(value)])} />
        </div>
      )}
      {problem && <p className={css.problem}>{problem}</p>}
    </div>
  );
}
