import { useEffect, useMemo, useState } from "react";
import { useLocation } from "wouter";

import css from "./NewToggleForm.module.css";
import { creationOf } from "./creation.ts";
import type { NewToggle } from "./creation.ts";
import { FirstStrategy } from "./FirstStrategy.tsx";
import { useLeaving } from "../../app/leaving.ts";
import { toggleAddress } from "../../app/toggleAddress.ts";
import { useDefinitions } from "../../edits/definitions.ts";
import type { ToggleDraft } from "../../edits/draft.ts";
import { TagsEditor } from "../../edits/editors/TagsEditor.tsx";
import { nameProblem } from "../../edits/names.ts";
import type { NameRule } from "../../edits/names.ts";
import { Review } from "../../edits/Review.tsx";
import type { EnvironmentPartsFragment } from "../../gql/newToggle.ts";
import { Banner } from "../../parts/Banner.tsx";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { CheckField } from "../../parts/CheckField.tsx";
import { Confirmation } from "../../parts/Confirmation.tsx";
import { Field } from "../../parts/Field.tsx";
import { SelectField } from "../../parts/SelectField.tsx";

interface Props {
  initial: NewToggle;
  /** The toggle to copy. */
  source: ToggleDraft | undefined;
  /** The name of a toggle to copy that does not exist. */
  missing: string | undefined;
  environments: readonly EnvironmentPartsFragment[];
  rule: NameRule;
}

/** The form for a new toggle. The review makes all its changes in one change set. */
export function NewToggleForm({ initial, source, missing, environments, rule }: Props) {
  const [, navigate] = useLocation();
  const definitions = useDefinitions();
  const [first] = useState(initial);
  const [toggle, setToggle] = useState(first);
  const [isReviewing, setReviewing] = useState(false);
  const [isCreated, setCreated] = useState(false);
  const leaving = useLeaving(toggle !== first && !isCreated);
  useEffect(() => {
    // By now the page has no guard.
    if (isCreated) navigate(toggleAddress(toggle.name));
  }, [isCreated, navigate, toggle.name]);
  const set = (fields: Partial<NewToggle>) => setToggle({ ...toggle, ...fields });
  const problem = nameProblem(toggle.name, rule);
  const names = useMemo(() => environments.map(({ name }) => name), [environments]);
  const changes = useMemo(() => creationOf(toggle, names, source), [toggle, names, source]);
  const type = definitions.toggleTypes.find(({ name }) => name === toggle.type);

  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (toggle.name !== "" && !problem) setReviewing(true);
      }}
    >
      {missing !== undefined && (
        <Banner>
          <span>There is no toggle named {missing}, so nothing is copied.</span>
        </Banner>
      )}
      <Card title="Details">
        <Field
          label="Name"
          hint="Applications ask for this name. It cannot be changed later."
          isCode
          value={toggle.name}
          problem={problem}
          onChange={(name) => set({ name: name.trim() })}
        />
        <Field
          label="Description"
          rows={2}
          value={toggle.description}
          onChange={(description) => set({ description })}
        />
        <div className={css.pair}>
          <SelectField
            label="Type"
            hint={type?.description}
            value={toggle.type}
            options={definitions.toggleTypes.map(({ name, title }) => ({ value: name, text: title }))}
            onChange={(next) => set({ type: next })}
          />
          <SelectField
            label="Project"
            value={toggle.project}
            options={definitions.projects.map(({ name, title }) => ({ value: name, text: title }))}
            onChange={(project) => set({ project })}
          />
        </div>
        <CheckField
          label="Impressions"
          hint="Applications report each use, for analytics."
          checked={toggle.impressionData}
          onChange={(impressionData) => set({ impressionData })}
        />
        <TagsEditor tags={toggle.tags} definitions={definitions} onChange={(tags) => set({ tags })} />
      </Card>
      <Card title="Configuration">
        {source ? (
          <p>
            The strategies and variants of <strong>{source.name}</strong> are copied in each environment.
          </p>
        ) : (
          <FirstStrategy
            toggle={toggle.name}
            strategy={toggle.strategies[0]}
            definitions={definitions}
            onChange={(strategy) => set({ strategies: strategy ? [strategy] : [] })}
          />
        )}
        <fieldset className={css.environments}>
          <legend>Switch on in</legend>
          {names.map((name) => (
            <CheckField
              key={name}
              label={name}
              checked={toggle.enabledIn.includes(name)}
              onChange={(isOn) =>
                set({ enabledIn: isOn ? [...toggle.enabledIn, name] : toggle.enabledIn.filter((each) => each !== name) })
              }
            />
          ))}
        </fieldset>
      </Card>
      <div className={css.buttons}>
        <Button type="submit" kind="primary" disabled={toggle.name === "" || problem !== undefined}>
          Review
        </Button>
        <Button onClick={() => navigate("/toggles")}>Cancel</Button>
      </div>
      {isReviewing && (
        <Review
          title={`Create ${toggle.name}`}
          changes={changes}
          onClose={() => setReviewing(false)}
          onApplied={() => setCreated(true)}
        />
      )}
      {leaving.isAsking && (
        <Confirmation
          question="Leave without creating the toggle?"
          answer="Leave"
          onNo={leaving.stay}
          onYes={leaving.leave}
        />
      )}
    </form>
  );
}
