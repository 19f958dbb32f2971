import { useState } from "react";

import css from "./page.module.css";
import { download } from "./download.ts";
import { exportVariables } from "./transfer.ts";
import type { ExportChoice } from "./transfer.ts";
import { textOf, useAsk } from "../../app/client.ts";
import { ExportStateDocument } from "../../gql/transfer.ts";
import type { EnvironmentPartsFragment, StateFormat } from "../../gql/transfer.ts";
import { problemOf } from "../../edits/plan.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { CheckField } from "../../parts/CheckField.tsx";
import { CopyOperation } from "../../parts/CopyOperation.tsx";
import { Field } from "../../parts/Field.tsx";
import { Problems } from "../../parts/Problems.tsx";
import { SelectField } from "../../parts/SelectField.tsx";
import { useToast } from "../../parts/Toast.tsx";

const EVERYTHING: ExportChoice = {
  search: "",
  environments: [],
  hasToggles: true,
  hasStrategies: true,
  format: "JSON",
};

/** Downloads an export of the configuration. */
export function ExportCard({ environments }: { environments: readonly EnvironmentPartsFragment[] }) {
  const ask = useAsk();
  const show = useToast();
  const [choice, setChoice] = useState(EVERYTHING);
  const [isRunning, setRunning] = useState(false);
  const [problems, setProblems] = useState<readonly { message: string }[]>([]);
  const set = (fields: Partial<ExportChoice>) => setChoice({ ...choice, ...fields });
  const { search, hasToggles, hasStrategies, format } = choice;

  async function run() {
    setRunning(true);
    setProblems([]);
    try {
      const { stateExport } = await ask(ExportStateDocument, exportVariables(choice));
      const { content, mediaType, fileName, toggleCount, strategyCount } = stateExport;
      download(fileName, mediaType, content);
      const toggles = toggleCount === 1 ? "1 toggle" : `${toggleCount} toggles`;
      const strategies = strategyCount === 1 ? "1 strategy" : `${strategyCount} strategies`;
      show({ text: `${fileName} has ${toggles} and ${strategies}.` });
    } catch (error) {
      setProblems([problemOf(error)]);
    }
    setRunning(false);
  }

  return (
    <Card title="Export">
      <p className={css.detail}>
        A file that this server or another one can import: toggles with the segments, context fields, projects and tags
        that they refer to, and definitions of strategies. It never has tokens.
      </p>
      <CheckField
        label="Toggles"
        checked={hasToggles}
        onChange={(isChosen) => set({ hasToggles: isChosen })}
      />
      <CheckField
        label="Custom strategies"
        checked={hasStrategies}
        onChange={(isChosen) => set({ hasStrategies: isChosen })}
      />
      {hasToggles && (
        <>
          <Field
            label="Only toggles that match"
            hint="With the terms of the list of toggles. Empty means all active toggles."
            placeholder="type:release on:production"
            value={search}
            maxLength={500}
            onChange={(text) => set({ search: text })}
          />
          <Environments
            environments={environments}
            chosen={choice.environments}
            onChange={(names) => set({ environments: names })}
          />
        </>
      )}
      <SelectField
        label="Format"
        value={format}
        options={[
          { value: "JSON", text: "JSON" },
          { value: "YAML", text: "YAML" },
        ]}
        onChange={(next) => set({ format: next as StateFormat })}
      />
      <Problems problems={problems} />
      <div className={css.buttons}>
        <CopyOperation
          operation={() => ({ query: textOf(ExportStateDocument), variables: exportVariables(choice) })}
        />
        <Button disabled={!hasToggles && !hasStrategies} busy={isRunning} onClick={() => void run()}>
          Export
        </Button>
      </div>
    </Card>
  );
}

interface EnvironmentsProps {
  environments: readonly EnvironmentPartsFragment[];
  chosen: readonly string[];
  onChange: (names: readonly string[]) => void;
}

function Environments({ environments, chosen, onChange }: EnvironmentsProps) {
  return (
    <fieldset className={css.choices}>
      <legend>Environments</legend>
      <p className={css.detail}>{chosen.length === 0 ? "All of them." : "Only these."}</p>
      <div className={css.environments}>
        {environments.map(({ id, name }) => (
          <CheckField
            key={id}
            label={name}
            checked={chosen.includes(name)}
            onChange={(isChosen) => onChange(isChosen ? [...chosen, name] : chosen.filter((each) => each !== name))}
          />
        ))}
      </div>
    </fieldset>
  );
}
