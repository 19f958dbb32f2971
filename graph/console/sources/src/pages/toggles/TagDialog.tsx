import { useState } from "react";

import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Field } from "../../parts/Field.tsx";

interface Props {
  onClose: () => void;
  onTag: (tag: string) => void;
}

/** Asks for the tag to add to the selected toggles. */
export function TagDialog({ onClose, onTag }: Props) {
  const [tag, setTag] = useState("");
  return (
    <Dialog
      title="Add a tag"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={tag.trim() === ""} onClick={() => onTag(tag.trim())}>
            Review
          </Button>
        </>
      }
    >
      <Field
        label="Tag"
        hint="A value such as checkout, or the type of the tag and a value, such as team:web."
        value={tag}
        onChange={setTag}
      />
    </Dialog>
  );
}
