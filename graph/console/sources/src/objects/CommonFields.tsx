// The fields that the forms of several kinds of objects begin with.
import { Field } from "../parts/Field.tsx";

interface Props<Draft> {
  draft: Draft;
  onChange: (fields: Partial<Draft>) => void;
}

interface Named {
  name: string;
}

interface Titled extends Named {
  title: string;
}

interface Described {
  description: string;
}

/** The name of a new object, which cannot be changed later. */
export function NameField({ draft, onChange, hint }: Props<Named> & { hint: string }) {
  return (
    <Field
      label="Name"
      hint={`${hint} It cannot be changed later.`}
      isCode
      value={draft.name}
      onChange={(name) => onChange({ name })}
    />
  );
}

/** The name of an object for people; by default the name in the API. */
export function TitleField({ draft, onChange }: Props<Titled>) {
  return (
    <Field
      label="Title"
      hint="What people see."
      placeholder={draft.name}
      value={draft.title}
      onChange={(title) => onChange({ title })}
    />
  );
}

export function DescriptionField({ draft, onChange }: Props<Described>) {
  return (
    <Field
      label="Description"
      rows={2}
      value={draft.description}
      onChange={(description) => onChange({ description })}
    />
  );
}
