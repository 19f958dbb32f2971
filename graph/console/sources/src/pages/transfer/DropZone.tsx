import { useId, useState } from "react";
import type { DragEvent } from "react";

import css from "./page.module.css";
import { sizeWords } from "./transfer.ts";
import type { ImportFile } from "./transfer.ts";

interface Props {
  /** What people may drop here. */
  prompt: string;
  /** The names of the control that chooses a file, before and after a file was chosen. */
  choose: readonly [string, string];
  file: ImportFile | undefined;
  onFile: (file: File) => void;
}

/** A place for a file, which people drop there or choose in a dialog of the browser. */
export function DropZone({ prompt, choose, file, onFile }: Props) {
  const id = useId();
  const [isOver, setOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped) onFile(dropped);
  }

  return (
    <div
      className={css.drop}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {file ? (
        <p role="status">
          <bdi className={css.file}>{file.name}</bdi> <span className={css.detail}>{sizeWords(file.size)}</span>
        </p>
      ) : (
        <p>{prompt}</p>
      )}
      <label htmlFor={id} className={css.choose}>
        {choose[file ? 1 : 0]}
      </label>
      <input
        id={id}
        type="file"
        className="hidden"
        accept=".json,.yaml,.yml,application/json,application/yaml"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen) onFile(chosen);
          // The same file can be chosen again after it has changed.
          event.target.value = "";
        }}
      />
    </div>
  );
}
