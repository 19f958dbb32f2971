import { useState } from "react";

import css from "./FilterBar.module.css";
import { chipsOf, PARAMETERS, without, withValue } from "./filter.ts";
import { SpanDialog } from "./SpanDialog.tsx";
import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { TYPE_GROUPS } from "../../app/eventTypes.ts";
import { FIRST_PAGE } from "../../app/paging.ts";
import { ActivityFiltersDocument } from "../../gql/activity.ts";
import { AddFilter } from "../../parts/AddFilter.tsx";
import { Button } from "../../parts/Button.tsx";
import { Chip } from "../../parts/Chip.tsx";

const NOTHING = {};

/** The conditions of the filter as chips, and lists that add conditions. */
export function FilterBar() {
  const address = useAddress();
  const { data } = useQuery(ActivityFiltersDocument, NOTHING);
  const [isChoosingSpan, setChoosingSpan] = useState(false);
  const chips = chipsOf(address);
  const environments = (data?.environments ?? []).map(({ name }) => ({ value: name, text: name }));
  const actors = (data?.actors.nodes ?? []).map(({ name }) => ({ value: name, text: name }));

  return (
    <div className={css.bar} role="group" aria-label="Filter">
      <AddFilter
        label="Type"
        groups={TYPE_GROUPS}
        onAdd={(value) => address.change(withValue(address, "type", value))}
      />
      <AddFilter
        label="Environment"
        groups={[{ options: environments }]}
        onAdd={(value) => address.change(withValue(address, "env", value))}
      />
      <AddFilter
        label="Made by"
        groups={[{ options: actors }]}
        onAdd={(value) => address.change(withValue(address, "actor", value))}
      />
      <Button small onClick={() => setChoosingSpan(true)}>
        Time…
      </Button>
      {chips.map((chip) => (
        <Chip
          key={`${chip.parameter}:${chip.value}`}
          kind={chip.kind}
          text={chip.text}
          onRemove={() => address.change(without(address, chip))}
        />
      ))}
      {chips.length > 1 && (
        <button
          type="button"
          className={css.clear}
          onClick={() => address.change({ ...Object.fromEntries(PARAMETERS.map((name) => [name, null])), ...FIRST_PAGE })}
        >
          Clear the filter
        </button>
      )}
      {isChoosingSpan && (
        <SpanDialog
          from={address.one("from")}
          to={address.one("to")}
          onClose={() => setChoosingSpan(false)}
          onChoose={(from, to) => {
            setChoosingSpan(false);
            address.change({ from, to, ...FIRST_PAGE });
          }}
        />
      )}
    </div>
  );
}
