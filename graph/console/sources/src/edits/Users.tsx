import { Link } from "wouter";

import type { User } from "./plan.ts";
import css from "./Users.module.css";
import { segmentAddress } from "../app/segmentAddress.ts";
import { toggleAddress } from "../app/toggleAddress.ts";

interface Props {
  users: readonly User[];
  /** The number of all users, of which the list may contain only the first. */
  count: number;
}

const MAX_SHOWN = 10;

/** The objects that use an object, with links to toggles and segments. */
export function Users({ users, count }: Props) {
  const shown = users.slice(0, MAX_SHOWN);
  if (shown.length === 0) return null;
  return (
    <span className={css.users}>
      {shown.map((user, index) => (
        <span key={user.id}>
          {index > 0 && ", "}
          <Name user={user} />
        </span>
      ))}
      {count > shown.length && ` and ${count - shown.length} more`}
    </span>
  );
}

function Name({ user: { id, name, segmentName, tokenName } }: { user: User }) {
  const text = <bdi>{name ?? segmentName ?? tokenName}</bdi>;
  if (name !== undefined) return <Link href={toggleAddress(name)}>{text}</Link>;
  if (segmentName !== undefined) return <Link href={segmentAddress(id)}>{text}</Link>;
  return text;
}
