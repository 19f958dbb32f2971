import { useId, useMemo, useState } from "react";
import { Link } from "wouter";

import css from "./ToggleView.module.css";
import { Applications } from "./Applications.tsx";
import { Dependencies } from "./Dependencies.tsx";
import { DetailsCard } from "./DetailsCard.tsx";
import { editedEnvironments, hasEditedDetails, namesIn, summariesOf } from "./edited.ts";
import { EnvironmentPanel } from "./EnvironmentPanel.tsx";
import { EnvironmentTabs } from "./EnvironmentTabs.tsx";
import { Facts } from "./Facts.tsx";
import { RecentChanges } from "./RecentChanges.tsx";
import { ScheduledChanges } from "./ScheduledChanges.tsx";
import type { Toggle } from "./toggle.ts";
import { ToggleMenu } from "./ToggleMenu.tsx";
import type { MenuChange } from "./ToggleMenu.tsx";
import { Usage } from "./Usage.tsx";
import { useContextValues } from "./useContextValues.ts";
import { useEnvironment } from "./useEnvironment.ts";
import { useWhatIf } from "./whatIf.ts";
import { WhatIfCard } from "./WhatIfCard.tsx";
import { useAddress } from "../../app/address.ts";
import type { Answer } from "../../app/client.ts";
import { useLeaving } from "../../app/leaving.ts";
import { toggleAddress } from "../../app/toggleAddress.ts";
import { useSession } from "../../app/session.tsx";
import { useDefinitions } from "../../edits/definitions.ts";
import type { EnvironmentDraft } from "../../edits/draft.ts";
import { useEditing } from "../../edits/editing.ts";
import { useToggleMerging } from "../../edits/merging.ts";
import { Review } from "../../edits/Review.tsx";
import { SaveEdits } from "../../edits/SaveEdits.tsx";
import type { Step } from "../../edits/SaveEdits.tsx";
import { TheirChanges } from "../../edits/TheirChanges.tsx";
import { Banner } from "../../parts/Banner.tsx";
import { Button } from "../../parts/Button.tsx";
import { Confirmation } from "../../parts/Confirmation.tsx";
import { CopyButton } from "../../parts/CopyButton.tsx";
import { Page } from "../../parts/Page.tsx";
import { RetryBanner } from "../../parts/RetryBanner.tsx";

interface Props {
  toggle: Toggle;
  answer: Answer<unknown>;
}

const NOWHERE: EnvironmentDraft = { environment: "", revision: 0, enabled: false, strategies: [], variants: [] };

/** A toggle that exists. */
export function ToggleView({ toggle, answer }: Props) {
  const { name, archived, environments } = toggle;
  const address = useAddress();
  const panel = useId();
  const { viewer } = useSession();
  const definitions = useDefinitions();
  const editing = useEditing(toggle);
  const { base, mine, changes } = editing;
  const merging = useToggleMerging(editing, useMemo(() => namesIn(toggle, definitions), [toggle, definitions]));
  const [step, setStep] = useState<Step>("edit");
  const [isOpen, setOpen] = useState(false);
  const [review, setReview] = useState<MenuChange>();
  const leaving = useLeaving(changes.length > 0);
  const isEditable = viewer.canWrite && !archived;

  const configuration = useEnvironment(environments, address.one("env"));
  const environment = configuration?.environment.name ?? "";
  const inBase = base.environments.find((each) => each.environment === environment) ?? NOWHERE;
  const inMine = mine.environments.find((each) => each.environment === environment) ?? NOWHERE;
  const edited = useMemo(() => editedEnvironments(base, mine), [base, mine]);
  const context = useContextValues(inMine, definitions);
  const whatIf = useWhatIf({ name, environment, values: context.values, changes, revision: toggle.revision });

  return (
    <Page
      title={name}
      isName
      above={<Link href="/toggles">Toggles /</Link>}
      beside={<CopyButton label="Copy the name" text={name} keys="c" />}
      isRefreshing={answer.loading}
      actions={
        <>
          {environments.length > 1 && (
            <Link href={`${toggleAddress(name)}/compare?from=${encodeURIComponent(environment)}`} className={css.link}>
              Compare and copy
            </Link>
          )}
          <Link href={`${toggleAddress(name)}/history`} className={css.link}>
            History
          </Link>
          {isEditable && <Button keys="e" onClick={() => setOpen(!isOpen)}>Edit details</Button>}
          {viewer.canWrite && (
            <ToggleMenu name={name} isArchived={archived} configuration={configuration} onChoose={setReview} />
          )}
        </>
      }
    >
      {answer.problem && (
        <RetryBanner onRetry={answer.again}>This toggle may be out of date. {answer.problem}</RetryBanner>
      )}
      {archived && (
        <Banner>
          <span>This toggle is archived. Applications do not get it, and it cannot be changed.</span>
        </Banner>
      )}
      <TheirChanges merging={merging} onDecide={() => setStep("decide")} onDiscard={editing.discard} />
      <Facts toggle={toggle} draft={mine} definitions={definitions} />
      {isOpen && isEditable && (
        <DetailsCard
          draft={mine}
          definitions={definitions}
          isEdited={hasEditedDetails(base, mine)}
          onChange={editing.edit}
          onClose={() => setOpen(false)}
        />
      )}
      <ScheduledChanges toggle={name} />
      {configuration && (
        <>
          <EnvironmentTabs
            configurations={environments}
            isArchived={archived}
            current={environment}
            panel={panel}
            edited={edited}
            onChange={(env) => address.change({ env })}
          />
          <div id={panel} role="tabpanel" aria-label={environment} className={css.columns}>
            <EnvironmentPanel
              key={environment}
              toggle={toggle}
              configuration={configuration}
              base={inBase}
              draft={inMine}
              summaries={summariesOf(configuration, inBase, inMine, whatIf.isCurrent ? whatIf.then : undefined)}
              definitions={definitions}
              isEditable={isEditable}
              onChange={(change) => editing.editEnvironment(environment, change)}
            />
            <div className={css.side}>
              {!archived && (
                <WhatIfCard
                  {...context}
                  definitions={definitions}
                  whatIf={whatIf}
                  isEdited={changes.length > 0}
                />
              )}
              <Usage toggle={name} environment={environment} />
              <Applications toggle={toggle} environment={environment} />
              <Dependencies toggle={toggle} dependencies={mine.dependencies} />
              <RecentChanges toggle={name} revision={toggle.revision} />
            </div>
          </div>
        </>
      )}
      <SaveEdits
        noun="toggle"
        name={name}
        edits={editing}
        merging={merging}
        count={changes.length}
        places={[...edited]}
        step={step}
        onStep={setStep}
        onSaved={answer.again}
      />
      {review && (
        <Review
          {...review}
          onClose={() => setReview(undefined)}
          onApplied={() => {
            setReview(undefined);
            answer.again();
          }}
        />
      )}
      {leaving.isAsking && (
        <Confirmation
          question="Leave without saving your edits?"
          answer="Leave"
          onNo={leaving.stay}
          onYes={leaving.leave}
        />
      )}
    </Page>
  );
}
