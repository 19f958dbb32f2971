import { useState } from "react";

import css from "./tokens.module.css";
import { ExpiryField } from "./ExpiryField.tsx";
import { TYPES } from "./filter.ts";
import { creationOf, hasScope, TYPE_WORDS } from "./token.ts";
import type { NewToken } from "./token.ts";
import { textOf, useAsk, useQuery } from "../../app/client.ts";
import { useSending } from "../../edits/sending.ts";
import { CreateTokenDocument, TokenScopesDocument } from "../../gql/tokens.ts";
import type { ApiTokenType, CreateTokenMutation } from "../../gql/tokens.ts";
import { Button } from "../../parts/Button.tsx";
import { CheckField } from "../../parts/CheckField.tsx";
import { CopyOperation } from "../../parts/CopyOperation.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { EnvironmentSelect } from "../../parts/EnvironmentSelect.tsx";
import { Field } from "../../parts/Field.tsx";
import { Problems } from "../../parts/Problems.tsx";
import { SelectField } from "../../parts/SelectField.tsx";

export type CreatedToken = CreateTokenMutation["apiTokenCreate"];

interface Props {
  onClose: () => void;
  onCreated: (created: CreatedToken) => void;
}

const NOTHING = {};

/** The form for a new token. */
export function CreateToken({ onClose, onCreated }: Props) {
  const ask = useAsk();
  const { data } = useQuery(TokenScopesDocument, NOTHING);
  const { isSending, problems, send } = useSending();
  const environments = data?.environments.map(({ name }) => name) ?? [];
  const [chosen, setChosen] = useState<Partial<NewToken>>({});
  const token: NewToken = {
    name: "",
    type: "CLIENT",
    environment: environments[0] ?? "default",
    projects: [],
    expiresAt: "",
    ...chosen,
  };
  const set = (fields: Partial<NewToken>) => setChosen({ ...chosen, ...fields });

  async function create() {
    const created = await send(async () => (await ask(CreateTokenDocument, { input: creationOf(token) })).apiTokenCreate);
    if (created) onCreated(created);
  }

  return (
    <Dialog
      title="New token"
      onClose={onClose}
      actions={
        <>
          <CopyOperation
            operation={() => ({ query: textOf(CreateTokenDocument), variables: { input: creationOf(token) } })}
          />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            keys="Control+Enter"
            disabled={token.name.trim() === ""}
            busy={isSending}
            onClick={() => void create()}
          >
            Create the token
          </Button>
        </>
      }
    >
      <Problems problems={problems} />
      <Field
        label="Name"
        hint="Who uses the token, such as an application. The audit log shows this name."
        value={token.name}
        onChange={(name) => set({ name })}
      />
      <SelectField
        label="Type"
        hint={TYPE_WORDS[token.type].meaning}
        value={token.type}
        options={TYPES.map((type) => ({ value: type, text: TYPE_WORDS[type].title }))}
        onChange={(type) => set({ type: type as ApiTokenType })}
      />
      {hasScope(token.type) && (
        <>
          <EnvironmentSelect
            label="Environment"
            names={environments}
            value={token.environment}
            onChange={(environment) => set({ environment })}
          />
          <Projects
            projects={data?.projects ?? []}
            chosen={token.projects}
            onChange={(projects) => set({ projects })}
          />
        </>
      )}
      <ExpiryField value={token.expiresAt} onChange={(expiresAt) => set({ expiresAt })} />
    </Dialog>
  );
}

interface ProjectsProps {
  projects: readonly { name: string; title: string }[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

/** The projects that a token may see; nothing if there is only one project. */
function Projects({ projects, chosen, onChange }: ProjectsProps) {
  if (projects.length < 2) return null;
  return (
    <fieldset className={css.projects}>
      <legend>Projects</legend>
      <p className={css.detail}>{chosen.length === 0 ? "All, also those that are created later." : "Only these."}</p>
      <div className={css.list}>
        {projects.map(({ name, title }) => (
          <CheckField
            key={name}
            label={title}
            checked={chosen.includes(name)}
            onChange={(isChosen) => onChange(isChosen ? [...chosen, name] : chosen.filter((each) => each !== name))}
          />
        ))}
      </div>
    </fieldset>
  );
}
