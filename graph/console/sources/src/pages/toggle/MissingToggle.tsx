import { useMemo } from "react";
import { Link } from "wouter";

import { useQuery } from "../../app/client.ts";
import { useSession } from "../../app/session.tsx";
import { toggleAddress } from "../../app/toggleAddress.ts";
import { DeletedToggleDocument } from "../../gql/toggle.ts";
import { BriefEvents } from "../../parts/BriefEvents.tsx";
import { Card } from "../../parts/Card.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { LinkButton } from "../../parts/LinkButton.tsx";

/** Explains that no toggle has a name. If there was such a toggle, its last events are listed. */
export function MissingToggle({ name }: { name: string }) {
  const { data } = useQuery(DeletedToggleDocument, useMemo(() => ({ name }), [name]));
  const { viewer } = useSession();
  const events = data?.events.nodes ?? [];
  const isDeleted = events.length > 0;
  return (
    <>
      <Empty title={isDeleted ? "This toggle was deleted" : "There is no toggle with this name"}>
        <p>
          <Link href={`/toggles?q=${encodeURIComponent(name)}`}>Search the toggles for this name</Link>
        </p>
        {viewer.canWrite && (
          <LinkButton href={`/toggles/new?name=${encodeURIComponent(name)}`}>Create the toggle</LinkButton>
        )}
      </Empty>
      {isDeleted && (
        <Card title="Recent changes" aside={<Link href={`${toggleAddress(name)}/history`}>History</Link>}>
          <BriefEvents events={events} />
        </Card>
      )}
    </>
  );
}
