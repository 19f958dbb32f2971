import { useMemo } from "react";

import { filterIn } from "./filter.ts";
import { issueWords } from "./issues.ts";
import css from "./page.module.css";
import { useAddress } from "../../app/address.ts";
import { useQuery } from "../../app/client.ts";
import { namedAddress } from "../../app/namedAddress.ts";
import { FIRST_PAGE } from "../../app/paging.ts";
import { usePageArguments } from "../../app/usePageArguments.ts";
import { useEvents } from "../../edits/events.ts";
import { ApplicationsPageDocument } from "../../gql/applications.ts";
import type { ApplicationRowFragment } from "../../gql/applications.ts";
import { FOLLOWED_EVENTS } from "../../objects/events.ts";
import { ListPage, PAGE_SIZE } from "../../objects/ListPage.tsx";
import { sdkWords } from "../../objects/sdkWords.ts";
import { Badge } from "../../parts/Badge.tsx";
import { CheckField } from "../../parts/CheckField.tsx";
import type { Column } from "../../parts/DataTable.tsx";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { EnvironmentSelect } from "../../parts/EnvironmentSelect.tsx";
import { NameLink } from "../../parts/NameLink.tsx";
import { When } from "../../parts/When.tsx";

const ALL = "all environments";
const COLUMNS: readonly Column<ApplicationRowFragment>[] = [
  {
    title: "Application",
    cell: ({ name, description, registered }) => (
      <NameLink href={namedAddress("/applications", name)} name={name} description={description}>
        {!registered && <Badge tone="plain">only metrics</Badge>}
      </NameLink>
    ),
  },
  {
    title: "Environments",
    cell: ({ environments, environmentCount }) => (
      <span className={css.environments}>
        {environments.map(({ id, name, type }) => (
          <EnvironmentName key={id} name={name} type={type} />
        ))}
        {environmentCount > environments.length && `and ${environmentCount - environments.length} more`}
      </span>
    ),
  },
  {
    title: "SDKs",
    cell: ({ sdks, sdkCount }) => (
      <>
        {sdks.map(({ sdk }) => sdkWords(sdk)).join(", ") || "none in the last 24 hours"}
        {sdkCount > sdks.length && ` and ${sdkCount - sdks.length} more`}
      </>
    ),
  },
  {
    title: "Problems",
    cell: ({ issues }) =>
      issues.count === 0 ? (
        "–"
      ) : (
        <span className={css.issues}>
          {issueWords(issues).map((words) => (
            <Badge key={words} tone="warn">
              {words}
            </Badge>
          ))}
        </span>
      ),
  },
  { title: "Last seen", width: 96, cell: ({ lastSeenAt }) => <When time={lastSeenAt} /> },
];

/** The applications that have reported, with what does not fit between each of them and the server. */
export default function ApplicationsPage() {
  const address = useAddress();
  const text = JSON.stringify(filterIn(address));
  const page = usePageArguments(PAGE_SIZE);
  const variables = useMemo(
    () => ({ filter: JSON.parse(text) as ReturnType<typeof filterIn>, ...page }),
    [text, page],
  );
  const answer = useQuery(ApplicationsPageDocument, variables);
  useEvents(FOLLOWED_EVENTS.application, answer.again);
  const environments = answer.data?.environments.map(({ name }) => name) ?? [];

  return (
    <ListPage
      title="Applications"
      noun="application"
      path="/applications"
      meaning="Applications appear here as soon as their SDK registers or reports metrics."
      placeholder="Search names and descriptions"
      answer={answer}
      list={answer.data?.applications}
      columns={COLUMNS}
      isFixed
      filters={{
        parameters: ["env", "issues"],
        controls: (
          <>
            <EnvironmentSelect
              label="Environment"
              names={[ALL, ...environments]}
              value={address.one("env") || ALL}
              onChange={(name) => address.change({ env: name === ALL ? null : name, ...FIRST_PAGE })}
            />
            <CheckField
              label="Only with problems"
              checked={address.one("issues") === "yes"}
              onChange={(isOnly) => address.change({ issues: isOnly ? "yes" : null, ...FIRST_PAGE })}
            />
          </>
        ),
      }}
      empty={<p>Connect an SDK with a client token. The page <em>Getting started</em> of the documentation shows how.</p>}
    />
  );
}
