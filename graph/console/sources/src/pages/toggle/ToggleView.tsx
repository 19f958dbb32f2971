import { useId } from "react";
import { Link } from "wouter";

import css from "./ToggleView.module.css";
import { Applications } from "./Applications.tsx";
import { Dependencies } from "./Dependencies.tsx";
import { EnvironmentPanel } from "./EnvironmentPanel.tsx";
import { EnvironmentTabs } from "./EnvironmentTabs.tsx";
import { Facts } from "./Facts.tsx";
import type { Toggle } from "./toggle.ts";
import { useAddress } from "../../app/address.ts";
import type { Answer } from "../../app/client.ts";
import { toggleAddress } from "../../app/toggleAddress.ts";
import { useSession } from "../../app/session.tsx";
import { useEditing } from "../../edits/editing.ts";
import { Banner } from "../../parts/Banner.tsx";
import { Button } from "../../parts/Button.tsx";
import { CopyButton } from "../../parts/CopyButton.tsx";
import { Page } from "../../parts/Page.tsx";

interface Props {
  toggle: Toggle;
  answer: Answer<unknown>;
}

const NO_TITLES: ReadonlyMap<string, string> = new Map();
const NONE: ReadonlySet<string> = new Set();

/** A toggle that exists. */
export function ToggleView({ toggle, answer }: Props) {
  const { name, archived, environments } = toggle;
  const address = useAddress();
  const panel = useId();
  const { viewer } = useSession();
  const editing = useEditing(toggle);
  const isEditable = viewer.canWrite && !archived;
  const configuration =
    environments.find(({ environment }) => environment.name === address.one("env")) ?? environments[0];
  const environment = configuration?.environment.name ?? "";
  const draft = editing.mine.environments.find((each) => each.environment === environment);

  return (
    <Page
      title={name}
      isName
      above={<Link href="/toggles">Toggles /</Link>}
      beside={<CopyButton label="Copy the name" text={name} />}
      isRefreshing={answer.loading}
      actions={
        environments.length > 1 && (
          <Link href={`${toggleAddress(name)}/compare?from=${encodeURIComponent(environment)}`}>Compare</Link>
        )
      }
    >
      {answer.problem && (
        <Banner>
          <span>This toggle may be out of date. {answer.problem}</span>
          <Button small onClick={answer.again}>
            Try again
          </Button>
        </Banner>
      )}
      {archived && (
        <Banner>
          <span>This toggle is archived. Applications do not get it, and it cannot be changed.</span>
        </Banner>
      )}
      <Facts toggle={toggle} draft={editing.mine} titles={NO_TITLES} />
      {configuration && draft && (
        <>
          <EnvironmentTabs
            configurations={environments}
            current={environment}
            panel={panel}
            edited={NONE}
            onChange={(env) => address.change({ env })}
          />
          <div id={panel} role="tabpanel" aria-label={environment} className={css.columns}>
            <EnvironmentPanel toggle={toggle} configuration={configuration} draft={draft} isEditable={isEditable} />
            <div className={css.side}>
              <Applications toggle={toggle} environment={environment} />
              <Dependencies toggle={toggle} dependencies={editing.mine.dependencies} />
            </div>
          </div>
        </>
      )}
    </Page>
  );
}
