import { useState } from "react";

import css from "./Views.module.css";
import { GIVEN, removeView, savedViews, saveView } from "./views.ts";
import { useSignal } from "../../app/signal.ts";
import { Button } from "../../parts/Button.tsx";
import { Chip } from "../../parts/Chip.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Field } from "../../parts/Field.tsx";
import { TermChips } from "../../search/TermChips.tsx";

interface Props {
  search: string;
  onSearch: (search: string) => void;
}

/** Named searches, and the terms of the current search. */
export function Views({ search, onSearch }: Props) {
  const saved = useSignal(savedViews);
  const [isNaming, setNaming] = useState(false);
  const current = [...GIVEN, ...saved].find((view) => view.search === search);
  const currentSaved = saved.find((view) => view === current);

  return (
    <div className={css.views} role="group" aria-label="Views and terms">
      {[...GIVEN, ...saved].map((view) => (
        <button
          key={view.name}
          type="button"
          className={css.view}
          aria-pressed={view === current}
          onClick={() => onSearch(view === current ? "" : view.search)}
        >
          {view.name}
        </button>
      ))}
      <TermChips text={search} onSearch={onSearch} />
      {currentSaved && <Chip text={`view ${currentSaved.name}`} onRemove={() => removeView(currentSaved)} />}
      {search.trim() !== "" && !current && (
        <button type="button" className={css.save} onClick={() => setNaming(true)}>
          Save this view
        </button>
      )}
      {isNaming && (
        <NameDialog
          onClose={() => setNaming(false)}
          onName={(name) => {
            saveView({ name, search });
            setNaming(false);
          }}
        />
      )}
    </div>
  );
}

function NameDialog({ onClose, onName }: { onClose: () => void; onName: (name: string) => void }) {
  const [name, setName] = useState("");
  return (
    <Dialog
      title="Save this view"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={name.trim() === ""} onClick={() => onName(name.trim())}>
            Save
          </Button>
        </>
      }
    >
      <Field label="Name" hint="Only this browser remembers the view." value={name} onChange={setName} />
    </Dialog>
  );
}
