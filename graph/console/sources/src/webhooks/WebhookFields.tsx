import { EventTypesField } from "./EventTypesField.tsx";
import { FIELDS, formatFor, FORMATS } from "./webhook.ts";
import type { WebhookDraft } from "./webhook.ts";
import { useQuery } from "../app/client.ts";
import { problemAt, problemsElsewhere } from "../edits/sending.ts";
import type { Refusal } from "../edits/sending.ts";
import { WebhookScopesDocument } from "../gql/webhooks.ts";
import type { WebhookFormat } from "../gql/webhooks.ts";
import { CheckGroup } from "../parts/CheckGroup.tsx";
import { Field } from "../parts/Field.tsx";
import { Problems } from "../parts/Problems.tsx";
import { SelectField } from "../parts/SelectField.tsx";

interface Props {
  draft: WebhookDraft;
  problems: readonly Refusal[];
  onChange: (fields: Partial<WebhookDraft>) => void;
}

const NOTHING = {};

/** The fields of a webhook, with the reasons why the server refused them. */
export function WebhookFields({ draft, problems, onChange }: Props) {
  const { data } = useQuery(WebhookScopesDocument, NOTHING);
  const { name, description, receiverUrl, format, eventTypes, projects, environments } = draft;
  const knownProjects = (data?.projects ?? []).map(({ name: value, title }) => ({ value, text: title }));
  const knownEnvironments = (data?.environments ?? []).map(({ name: value }) => ({ value, text: value }));
  return (
    <>
      <Problems problems={problemsElsewhere(problems, FIELDS)} />
      <Field
        label="Name"
        hint="Who gets the events, such as a channel or a program."
        problem={problemAt(problems, "name")}
        value={name}
        onChange={(text) => onChange({ name: text })}
      />
      <Field
        label="URL of the receiver"
        hint="The server sends events only to this address. It connects only to public addresses, unless its settings list the network."
        problem={problemAt(problems, "receiverUrl")}
        placeholder="https://"
        isCode
        value={receiverUrl}
        onChange={(url) => onChange({ receiverUrl: url, format: formatFor(url) ?? format })}
      />
      <SelectField
        label="Format"
        hint={FORMATS.find(({ value }) => value === format)?.meaning}
        value={format}
        options={FORMATS}
        onChange={(value) => onChange({ format: value as WebhookFormat })}
      />
      <EventTypesField
        types={eventTypes}
        problem={problemAt(problems, "eventTypes")}
        onChange={(types) => onChange({ eventTypes: types })}
      />
      {knownProjects.length + projects.length > 1 && (
        <CheckGroup
          title="Projects"
          hint={
            projects.length === 0
              ? "All, also those that are created later."
              : "Only these, and events that concern no project."
          }
          problem={problemAt(problems, "projects")}
          options={knownProjects}
          chosen={projects}
          onChange={(chosen) => onChange({ projects: chosen })}
        />
      )}
      {knownEnvironments.length + environments.length > 1 && (
        <CheckGroup
          title="Environments"
          hint={
            environments.length === 0
              ? "All, also those that are created later."
              : "Only these, and events that concern all environments."
          }
          problem={problemAt(problems, "environments")}
          options={knownEnvironments}
          chosen={environments}
          onChange={(chosen) => onChange({ environments: chosen })}
        />
      )}
      <Field
        label="Description"
        rows={2}
        problem={problemAt(problems, "description")}
        value={description}
        onChange={(text) => onChange({ description: text })}
      />
    </>
  );
}
