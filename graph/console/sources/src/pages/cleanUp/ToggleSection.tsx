import { useEffect, useMemo, useState } from "react";
import { Link } from "wouter";

import css from "./Section.module.css";
import { askersOf } from "./lists.ts";
import type { CleanUpList } from "./lists.ts";
import { Section } from "./Section.tsx";
import { useQuery } from "../../app/client.ts";
import { namedAddress } from "../../app/namedAddress.ts";
import { toggleAddress } from "../../app/toggleAddress.ts";
import { CleanUpTogglesDocument } from "../../gql/cleanUp.ts";
import type { CleanUpRowFragment } from "../../gql/cleanUp.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Checkbox } from "../../parts/Checkbox.tsx";
import { useNow, When } from "../../parts/When.tsx";

interface Props {
  list: CleanUpList;
  environment: string;
  days: number;
  /** A number that changes when the list must be loaded again. */
  version: number;
  picked: ReadonlySet<string>;
  /** Selects a toggle; undefined if the user can only read. */
  onPick: ((name: string, isPicked: boolean) => void) | undefined;
}

const FIRST_SIZE = 10;
const MAX_SIZE = 50;
const ASKERS_SHOWN = 2;

/** A list of toggles with the reason for each toggle and the applications that asked for it. */
export function ToggleSection({ list, environment, days, version, picked, onPick }: Props) {
  const [first, setFirst] = useState(FIRST_SIZE);
  const variables = useMemo(
    () => ({ filter: list.filter, orderBy: list.orderBy, first, environment, hours: days * 24 }),
    [list, first, environment, days],
  );
  const answer = useQuery(CleanUpTogglesDocument, variables);
  const { again } = answer;
  useEffect(() => {
    if (version > 0) again();
  }, [version, again]);
  const rows = answer.data?.toggles.nodes ?? [];

  return (
    <Section
      title={list.title}
      meaning={list.meaning}
      answer={answer}
      total={answer.data?.toggles.totalCount}
      shown={rows.length}
      onMore={first < MAX_SIZE ? () => setFirst(MAX_SIZE) : undefined}
      all={
        list.search && rows.length > 0 ? (
          <Link href={`/toggles?q=${encodeURIComponent(list.search)}`}>Open in the list</Link>
        ) : null
      }
    >
      {rows.map((row) => (
        <Row key={row.id} row={row} list={list} isPicked={picked.has(row.name)} onPick={onPick} days={days} />
      ))}
    </Section>
  );
}

interface RowProps extends Pick<Props, "list" | "days" | "onPick"> {
  row: CleanUpRowFragment;
  isPicked: boolean;
}

function Row({ row, list, isPicked, onPick, days }: RowProps) {
  const now = useNow();
  return (
    <li className={css.row} data-plain={onPick === undefined} data-row="">
      {onPick && (
        <Checkbox
          label={`Select ${row.name}, ${list.title}`}
          checked={isPicked}
          onChange={(next) => onPick(row.name, next)}
        />
      )}
      <span className={css.name}>
        <Link href={toggleAddress(row.name)}>
          <bdi>{row.name}</bdi>
        </Link>{" "}
        {row.stale && list.key !== "stale" && <Badge tone="warn">stale</Badge>}
      </span>
      <span>{list.reasonOf(row, now)}</span>
      <Askers row={row} days={days} />
    </li>
  );
}

function Askers({ row, days }: { row: CleanUpRowFragment; days: number }) {
  const askers = askersOf(row);
  if (askers.length === 0) return <span className={css.asking}>No application asked in {days} days.</span>;
  const others = askers.length - ASKERS_SHOWN;
  return (
    <span className={css.asking}>
      {askers.slice(0, ASKERS_SHOWN).map(({ name, lastSeenAt }, index) => (
        <span key={name}>
          {index > 0 && ", "}
          <Link href={namedAddress("/applications", name)}>{name}</Link> asked <When time={lastSeenAt} />
        </span>
      ))}
      {row.usages.totalCount > row.usages.nodes.length ? ", and more" : others > 0 && `, and ${others} more`}
    </span>
  );
}
