import { useEffect, useState } from "react";
import { Link } from "wouter";

import css from "./Section.module.css";
import { Section } from "./Section.tsx";
import { useQuery } from "../../app/client.ts";
import { namedAddress } from "../../app/namedAddress.ts";
import { UnknownNamesDocument } from "../../gql/cleanUp.ts";
import { When } from "../../parts/When.tsx";

interface Props {
  days: number;
  /** A number that changes when the list must be loaded again. */
  version: number;
  canWrite: boolean;
}

const FIRST_SIZE = 10;
const MAX_SIZE = 50;

/** The names that applications ask for although no toggle has them. */
export function UnknownSection({ days, version, canWrite }: Props) {
  const [first, setFirst] = useState(FIRST_SIZE);
  const answer = useQuery(UnknownNamesDocument, { first, hours: days * 24 });
  const { again } = answer;
  useEffect(() => {
    if (version > 0) again();
  }, [version, again]);
  const rows = answer.data?.unknownToggles.nodes ?? [];

  return (
    <Section
      title="Names that nobody defined"
      meaning="Applications ask for these names, but no toggle has them. SDKs answer no, unless the code has another default."
      answer={answer}
      total={answer.data?.unknownToggles.totalCount}
      shown={rows.length}
      onMore={first < MAX_SIZE ? () => setFirst(MAX_SIZE) : undefined}
    >
      {rows.map(({ name, firstSeenAt, lastSeenAt, applications, applicationCount }) => (
        <li key={name} className={css.row} data-plain data-row="">
          <span className={css.name}>
            <strong>
              <bdi>{name}</bdi>
            </strong>
          </span>
          <span>
            First asked for <When time={firstSeenAt} />, last <When time={lastSeenAt} />, by{" "}
            {applications.map((application, index) => (
              <span key={application.id}>
                {index > 0 && ", "}
                <Link href={namedAddress("/applications", application.name)}>{application.name}</Link>
              </span>
            ))}
            {applicationCount > applications.length && ` and ${applicationCount - applications.length} more`}
          </span>
          {canWrite && (
            <Link className={css.create} href={`/toggles/new?name=${encodeURIComponent(name)}`}>
              Create {name}
            </Link>
          )}
        </li>
      ))}
    </Section>
  );
}
