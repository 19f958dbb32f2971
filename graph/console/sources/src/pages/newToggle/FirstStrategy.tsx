import { strategyMeaning } from "../../edits/definitions.ts";
import type { Definitions } from "../../edits/definitions.ts";
import { newId } from "../../edits/draft.ts";
import type { StrategyDraft } from "../../edits/draft.ts";
import { StrategyEditor } from "../../edits/editors/StrategyEditor.tsx";
import { newStrategy } from "../../edits/newStrategy.ts";
import { SelectField } from "../../parts/SelectField.tsx";

interface Props {
  toggle: string;
  strategy: StrategyDraft | undefined;
  definitions: Definitions;
  onChange: (strategy: StrategyDraft | undefined) => void;
}

const NONE = "";

/** The choice of the first strategy of a new toggle. */
export function FirstStrategy({ toggle, strategy, definitions, onChange }: Props) {
  const usable = definitions.strategies.filter(({ deprecated }) => !deprecated);
  const definition = usable.find(({ name }) => name === strategy?.name);

  function choose(name: string) {
    const chosen = usable.find((each) => each.name === name);
    onChange(chosen && { ...newStrategy(chosen, toggle), id: newId([]) });
  }

  return (
    <>
      <SelectField
        label="Strategy in each environment"
        hint={definition ? strategyMeaning(definition) : "Without a strategy, everybody gets the toggle where it is on."}
        value={strategy?.name ?? NONE}
        options={[
          { value: NONE, text: "none" },
          ...usable.map(({ name, title }) => ({ value: name, text: title || name })),
        ]}
        onChange={choose}
      />
      {strategy && (
        <StrategyEditor
          strategy={strategy}
          definitions={definitions}
          segmentNames={new Map(definitions.segments.map(({ id, name }) => [id, name]))}
          onChange={onChange}
        />
      )}
    </>
  );
}
