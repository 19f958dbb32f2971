import { Link } from "wouter";

import { Button } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { LinkButton } from "../../parts/LinkButton.tsx";

interface Props {
  search: string;
  canWrite: boolean;
  onSearch: (search: string) => void;
}

/** Explains why the list is empty. */
export function EmptyList({ search, canWrite, onSearch }: Props) {
  if (search.trim() !== "") {
    return (
      <Empty title="No toggle matches">
        <p>
          Nothing is found for <code>{search}</code>.
        </p>
        <Button onClick={() => onSearch("")}>Show all toggles</Button>
      </Empty>
    );
  }
  return (
    <Empty title="There are no toggles yet">
      {canWrite && (
        <>
          <p>
            Create the first one, or <Link href="/transfer">import an export</Link>.
          </p>
          <LinkButton href="/toggles/new">New toggle</LinkButton>
        </>
      )}
    </Empty>
  );
}
