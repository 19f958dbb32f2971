import { ChevronDown } from "lucide-react";

import css from "./EventItem.module.css";
import { EventDetails } from "./EventDetails.tsx";
import type { EventRowFragment } from "../../gql/activity.ts";
import { EnvironmentName } from "../../parts/EnvironmentName.tsx";
import { When } from "../../parts/When.tsx";

interface Props {
  event: EventRowFragment;
  isOpen: boolean;
  onToggle: () => void;
}

/** An event of the log in one line, which opens to its details. */
export function EventItem({ event, isOpen, onToggle }: Props) {
  const { id, summary, createdAt, actor, environment, changeSet } = event;
  return (
    <li className={css.item} data-open={isOpen} data-row="">
      <button type="button" className={css.line} aria-expanded={isOpen} onClick={onToggle}>
        <span className={css.time}>
          <When time={createdAt} />
        </span>
        <span className={css.summary}>
          {summary}
          {changeSet?.comment && <span className={css.comment}>“{changeSet.comment}”</span>}
        </span>
        <span className={css.environment}>
          {environment && <EnvironmentName name={environment.name} type={environment.type} />}
        </span>
        <span className={`${css.actor} cut`} title={actor.name}>
          {actor.name}
        </span>
        <ChevronDown className={css.chevron} size={16} aria-hidden="true" />
      </button>
      {isOpen && <EventDetails id={id} />}
    </li>
  );
}
