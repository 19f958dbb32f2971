import { useMemo } from "react";

import { DeleteApplication } from "./DeleteApplication.tsx";
import { Instances } from "./Instances.tsx";
import { IssuesCard } from "./IssuesCard.tsx";
import { APPLICATIONS, draftOf } from "./kind.ts";
import { Sdks, Strategies } from "./Reported.tsx";
import { Usage } from "./Usage.tsx";
import { UsedToggles } from "./UsedToggles.tsx";
import type { Answer } from "../../app/client.ts";
import { useSession } from "../../app/session.tsx";
import type { ApplicationPageQuery } from "../../gql/application.ts";
import { ObjectView } from "../../objects/ObjectView.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { When } from "../../parts/When.tsx";

export type Application = NonNullable<ApplicationPageQuery["application"]>;

interface Props {
  application: Application;
  answer: Answer<unknown>;
}

/** An application that exists. */
export function ApplicationView({ application, answer }: Props) {
  const { name, registered, createdAt, lastSeenAt, issues } = application;
  const { viewer } = useSession();
  const theirs = useMemo(() => draftOf(application), [application]);
  return (
    <ObjectView
      kind={APPLICATIONS}
      theirs={theirs}
      answer={answer}
      note={
        <>
          {!registered && <Badge tone="plain">only metrics</Badge>} last seen <When time={lastSeenAt} />, first{" "}
          <When time={createdAt} />
        </>
      }
      actions={viewer.canWrite && <DeleteApplication name={name} />}
      main={
        <>
          <IssuesCard application={name} issues={issues} onChanged={answer.again} />
          <Usage application={name} />
          <UsedToggles application={application} />
          <Instances application={application} />
        </>
      }
    >
      <Sdks application={application} />
      <Strategies application={application} />
    </ObjectView>
  );
}
