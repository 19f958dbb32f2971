import type { ReactNode } from "react";

import css from "./UsedBy.module.css";
import { useAddress } from "../app/address.ts";
import { turningIn } from "../app/paging.ts";
import { toggleAddress } from "../app/toggleAddress.ts";
import { Card } from "../parts/Card.tsx";
import { NameLink } from "../parts/NameLink.tsx";
import { Pager } from "../parts/Pager.tsx";

interface Props {
  title?: string;
  /** A page of the toggles; the address has its cursors in `after` and `before`. */
  toggles: {
    totalCount: number;
    pageInfo: Parameters<typeof turningIn>[1];
    nodes: readonly { id: string; name: string; description: string }[];
  };
  /** What the card says if there are no toggles. */
  none: ReactNode;
  hint?: string;
  /** A link to the toggles in their list. */
  all?: ReactNode;
}

/** The active toggles that use an object. */
export function UsedBy({ title = "Toggles that use it", toggles, none, hint, all }: Props) {
  const address = useAddress();
  const { totalCount, nodes, pageInfo } = toggles;
  return (
    <Card title={title} aside={<>{totalCount} {totalCount > 0 && all}</>}>
      {totalCount === 0 ? (
        <p className={css.hint}>{none}</p>
      ) : (
        <>
          {hint && <p className={css.hint}>{hint}</p>}
          <ul className={css.list} aria-label={title}>
            {nodes.map(({ id, name, description }) => (
              <li key={id}>
                <NameLink href={toggleAddress(name)} name={name} description={description} />
              </li>
            ))}
          </ul>
        </>
      )}
      <Pager {...turningIn(address, pageInfo)} />
    </Card>
  );
}
