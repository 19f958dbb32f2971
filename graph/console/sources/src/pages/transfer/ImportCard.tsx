import { useId, useState } from "react";

import css from "./page.module.css";
import { DropZone } from "./DropZone.tsx";
import { ImportReview } from "./ImportReview.tsx";
import { MODES, sizeProblem } from "./transfer.ts";
import type { ImportChoice, ImportFile } from "./transfer.ts";
import type { TransferPageQuery } from "../../gql/transfer.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Problems } from "../../parts/Problems.tsx";
import { SelectField } from "../../parts/SelectField.tsx";

const NOTHING = { mode: "MERGE", project: "", environment: "" } as const;

/** Imports a file after a review of its effects. */
export function ImportCard({ data }: { data: TransferPageQuery }) {
  const name = useId();
  const [file, setFile] = useState<ImportFile>();
  const [segments, setSegments] = useState<ImportFile>();
  const [problem, setProblem] = useState<string>();
  const [choice, setChoice] = useState<Omit<ImportChoice, "file" | "segments">>(NOTHING);
  const [reviewed, setReviewed] = useState<ImportChoice>();
  const set = (fields: Partial<ImportChoice>) => setChoice({ ...choice, ...fields });
  const { maxImportBytes } = data.serverInfo.limits;

  async function read(chosen: File, store: (file: ImportFile | undefined) => void) {
    const refused = sizeProblem(chosen, maxImportBytes);
    setProblem(refused);
    store(undefined);
    if (refused !== undefined) return;
    try {
      store({ name: chosen.name, size: chosen.size, content: await chosen.text() });
    } catch {
      setProblem(`${chosen.name} cannot be read.`);
    }
  }

  return (
    <Card title="Import">
      <DropZone
        prompt="Drop an export here: JSON or YAML, also of Unleash."
        choose={["Choose a file", "Choose another file"]}
        file={file}
        onFile={(chosen) => void read(chosen, setFile)}
      />
      <Problems problems={problem === undefined ? [] : [{ message: problem }]} />
      <fieldset className={css.choices}>
        <legend>What happens to objects that exist already?</legend>
        {MODES.map(({ value, title, meaning }) => (
          <label key={value} className={css.choice}>
            <input type="radio" name={name} checked={choice.mode === value} onChange={() => set({ mode: value })} />
            <span>{title}</span>
            <span className={css.detail}>{meaning}</span>
          </label>
        ))}
      </fieldset>
      <div className={css.pair}>
        <SelectField
          label="Project of the toggles"
          value={choice.project}
          options={[
            { value: "", text: "as the file says" },
            ...data.projects.map((project) => ({ value: project.name, text: project.title })),
          ]}
          onChange={(project) => set({ project })}
        />
        <SelectField
          label="Environment"
          hint="For files without environments."
          value={choice.environment}
          options={[
            { value: "", text: "default" },
            ...data.environments
              .filter((environment) => environment.name !== "default")
              .map((environment) => ({ value: environment.name, text: environment.name })),
          ]}
          onChange={(environment) => set({ environment })}
        />
      </div>
      <details className={css.segments}>
        <summary>Segments for a batch export of Unleash</summary>
        <p className={css.detail}>
          Batch exports of Unleash 6.x to 8.x omit the constraints of segments and the order of strategies. Supply them with
          the answer of <code>/api/client/features</code> for the same environment, a list of segments, or an export of
          Flagstaff. Otherwise, the import uses segments of the same name that exist here.
        </p>
        <DropZone
          prompt="Drop the file with the segments here."
          choose={["Choose the segments", "Choose other segments"]}
          file={segments}
          onFile={(chosen) => void read(chosen, setSegments)}
        />
        {segments && (
          <div className={css.buttons}>
            <Button small onClick={() => setSegments(undefined)}>
              Import without the segments
            </Button>
          </div>
        )}
      </details>
      <div className={css.buttons}>
        <Button
          kind="primary"
          disabled={!file}
          onClick={() => {
            if (file) setReviewed({ ...choice, file, segments });
          }}
        >
          Review
        </Button>
      </div>
      {reviewed && (
        <ImportReview
          choice={reviewed}
          onClose={() => setReviewed(undefined)}
          onImported={() => {
            setReviewed(undefined);
            setFile(undefined);
            setSegments(undefined);
          }}
        />
      )}
    </Card>
  );
}
