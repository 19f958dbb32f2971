import type { Ref } from "react";
import { Plus } from "lucide-react";

import { Button } from "./Button.tsx";

interface Props {
  /** The words, such as "Add a constraint". */
  title: string;
  /** The button. It takes the focus when an item disappears together with the focus. */
  ref: Ref<HTMLButtonElement>;
  onAdd: () => void;
}

/** A button below a list that adds an item. */
export function AddItem({ title, ref, onAdd }: Props) {
  return (
    <div>
      <Button small ref={ref} onClick={onAdd}>
        <Plus size={14} aria-hidden="true" />
        {title}
      </Button>
    </div>
  );
}
