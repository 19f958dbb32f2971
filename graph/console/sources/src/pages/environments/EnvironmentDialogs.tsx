// The questions before reviews of changes of environments.
import { useState } from "react";

import css from "./page.module.css";
import { creationOf, TYPES } from "./changes.ts";
import type { Environment, NewEnvironment } from "./changes.ts";
import { nameProblem } from "../../edits/names.ts";
import type { NameRule } from "../../edits/names.ts";
import type { ChangeInput, EnvironmentType } from "../../gql/edits.ts";
import { Button } from "../../parts/Button.tsx";
import { CheckField } from "../../parts/CheckField.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { EnvironmentSelect } from "../../parts/EnvironmentSelect.tsx";
import { Field } from "../../parts/Field.tsx";
import { SelectField } from "../../parts/SelectField.tsx";

interface FormProps {
  onClose: () => void;
  onReview: (change: ChangeInput) => void;
}

interface CreateProps extends FormProps {
  environments: readonly Environment[];
  rule: NameRule;
}

/** The form for a new environment. */
export function CreateEnvironment({ environments, rule, onClose, onReview }: CreateProps) {
  const names = environments.map(({ name }) => name);
  const [environment, setEnvironment] = useState<NewEnvironment>({ name: "", type: "DEVELOPMENT", copyFrom: "" });
  const set = (fields: Partial<NewEnvironment>) => setEnvironment({ ...environment, ...fields });
  const { name, type, copyFrom } = environment;
  const problem = names.includes(name) ? `There is already an environment named ${name}.` : nameProblem(name, rule);
  return (
    <Dialog
      title="New environment"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            keys="Control+Enter"
            disabled={name === "" || problem !== undefined}
            onClick={() => onReview(creationOf(environment))}
          >
            Review
          </Button>
        </>
      }
    >
      <Field
        label="Name"
        hint="It cannot be changed later."
        isCode
        value={name}
        problem={problem}
        onChange={(text) => set({ name: text.trim() })}
      />
      <TypeField value={type} onChange={(next) => set({ type: next })} />
      <CheckField
        label="Copy the configurations of another environment"
        hint="Otherwise all toggles are off in the new environment."
        checked={copyFrom !== ""}
        onChange={(isCopied) => set({ copyFrom: isCopied ? (names[0] ?? "") : "" })}
      />
      {copyFrom !== "" && (
        <EnvironmentSelect label="Copy from" names={names} value={copyFrom} onChange={(from) => set({ copyFrom: from })} />
      )}
    </Dialog>
  );
}

interface ChangeProps extends FormProps {
  environment: Environment;
}

/** The form for the type of an environment. */
export function ChangeType({ environment, onClose, onReview }: ChangeProps) {
  const [{ name, revision: expectedRevision }] = useState(environment);
  const [type, setType] = useState(environment.type);
  return (
    <Dialog
      title={`What is ${name} for?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            keys="Control+Enter"
            disabled={type === environment.type}
            onClick={() => onReview({ environmentUpdate: { name, type, expectedRevision } })}
          >
            Review
          </Button>
        </>
      }
    >
      <TypeField value={type} onChange={setType} />
    </Dialog>
  );
}

/** Asks for the name of an environment before the review of its deletion. */
export function DeleteEnvironment({ environment, onClose, onReview }: ChangeProps) {
  const { name, enabledToggleCount } = environment;
  const [typed, setTyped] = useState("");
  return (
    <Dialog
      title={`Delete ${name}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="danger"
            keys="Control+Enter"
            disabled={typed.trim() !== name}
            onClick={() => onReview({ environmentDelete: { name } })}
          >
            Review
          </Button>
        </>
      }
    >
      <ul className={css.list}>
        <li>All strategies and variants of toggles in this environment are deleted.</li>
        <li>
          {enabledToggleCount === 0
            ? "No toggle is on here."
            : enabledToggleCount === 1
              ? "1 toggle is on here. Applications no longer get it."
              : `${enabledToggleCount} toggles are on here. Applications no longer get them.`}
        </li>
        <li>Tokens that read this environment must be revoked before.</li>
      </ul>
      <Field
        label="Name of the environment"
        hint={`To continue, type ${name}`}
        isCode
        value={typed}
        onChange={setTyped}
      />
    </Dialog>
  );
}

function TypeField({ value, onChange }: { value: EnvironmentType; onChange: (type: EnvironmentType) => void }) {
  return (
    <SelectField
      label="Type"
      hint={TYPES.find((type) => type.value === value)?.meaning}
      value={value}
      options={TYPES}
      onChange={(type) => onChange(type as EnvironmentType)}
    />
  );
}
