import { useState } from "react";

import { ExpiryField } from "./ExpiryField.tsx";
import { TYPES } from "./filter.ts";
import { creationOf, hasScope, TYPE_WORDS } from "./token.ts";
import type { NewToken } from "./token.ts";
import { textOf, useAsk, useQuery } from "../../app/client.ts";
import { useSending } from "../../edits/sending.ts";
import { CreateTokenDocument, TokenScopesDocument } from "../../gql/tokens.ts";
import type { ApiTokenType, CreateTokenMutation } from "../../gql/tokens.ts";
import { Button } from "../../parts/Button.tsx";
import { CheckGroup } from "../../parts/CheckGroup.tsx";
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
  const projects = data?.projects ?? [];
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
        label="Used by"
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
          {projects.length > 1 && (
            <CheckGroup
              title="Projects"
              hint={token.projects.length === 0 ? "All, also those that are created later." : "Only these."}
              options={projects.map(({ name, title }) => ({ value: name, text: title }))}
              chosen={token.projects}
              onChange={(chosenProjects) => set({ projects: chosenProjects })}
            />
          )}
        </>
      )}
      <ExpiryField value={token.expiresAt} onChange={(expiresAt) => set({ expiresAt })} />
    </Dialog>
  );
}
