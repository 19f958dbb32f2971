import css from "./ConflictDialog.module.css";
import type { Merging } from "./merging.ts";
import { SIDES } from "./threeWay.ts";
import type { Conflict, Side } from "./threeWay.ts";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";

interface Props {
  merging: Merging;
  /** Called to decide later. */
  onClose: () => void;
  /** Called after a side was chosen for each field, with whether any edits remain. */
  onMerged: (isEdited: boolean) => void;
}

const TITLES: Record<Side, string> = { base: "Before", theirs: "Theirs", mine: "Yours" };

/** Asks which value to keep of each field that other people changed while the user was editing it. */
export function ConflictDialog({ merging, onClose, onMerged }: Props) {
  const { conflicts, choices, choose, finish } = merging;
  const left = conflicts.filter(({ key }) => choices[key] === undefined).length;
  const chooseAll = (side: Side) => {
    const possible = conflicts.filter(({ options }) => options.includes(side));
    choose(possible.map(({ key }) => key), side);
  };

  return (
    <Dialog
      title="Other people changed what you edited"
      onClose={onClose}
      actions={
        <>
          <p className={css.left} role="status">
            {left === 0 ? "All fields are decided." : left === 1 ? "1 field to decide." : `${left} fields to decide.`}
          </p>
          <Button onClick={onClose}>Decide later</Button>
          <Button
            kind="primary"
            disabled={left > 0}
            onClick={() => onMerged(finish())}
          >
            Continue
          </Button>
        </>
      }
    >
      <p>
        Choose a value for each field. All other changes of both sides are merged. Nothing is saved until you apply your
        edits.
      </p>
      {conflicts.length > 1 && (
        <div className={css.all}>
          <Button small onClick={() => chooseAll("theirs")}>
            Choose all of theirs
          </Button>
          <Button small onClick={() => chooseAll("mine")}>
            Choose all of yours
          </Button>
        </div>
      )}
      {conflicts.map((conflict) => (
        <Field
          key={conflict.key}
          conflict={conflict}
          choice={choices[conflict.key]}
          onChoose={(side) => choose([conflict.key], side)}
        />
      ))}
    </Dialog>
  );
}

interface FieldProps {
  conflict: Conflict;
  choice: Side | undefined;
  onChoose: (side: Side) => void;
}

function Field({ conflict, choice, onChoose }: FieldProps) {
  const { key, place, words, options } = conflict;
  return (
    <fieldset className={css.field}>
      <legend>{place.join(" › ")}</legend>
      <div className={css.sides}>
        {SIDES.map((side) => (
          <label key={side} className={css.side} data-chosen={choice === side}>
            <span className={css.head}>
              <input
                type="radio"
                name={key}
                checked={choice === side}
                disabled={!options.includes(side)}
                onChange={() => onChoose(side)}
              />
              {TITLES[side]}
            </span>
            <Value text={words[side]} />
          </label>
        ))}
      </div>
      {!options.includes("mine") && (
        <p className={css.note}>The environment does not exist any more, so your edits of it cannot be kept.</p>
      )}
    </fieldset>
  );
}

function Value({ text }: { text: string | undefined }) {
  if (text === undefined) return <span className={css.nothing}>not there</span>;
  if (text === "") return <span className={css.nothing}>none</span>;
  return <span className={css.text}>{text}</span>;
}
