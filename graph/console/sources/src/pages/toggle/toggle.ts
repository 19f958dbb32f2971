import { useMemo } from "react";

import { useLive, useQuery } from "../../app/client.ts";
import type { Answer } from "../../app/client.ts";
import { ToggleFollowedDocument, TogglePageDocument } from "../../gql/toggle.ts";
import type { TogglePageQuery } from "../../gql/toggle.ts";

export type Toggle = NonNullable<TogglePageQuery["toggle"]>;

/** Load a toggle, and follow its changes. */
export function useToggle(name: string): Answer<TogglePageQuery> {
  const variables = useMemo(() => ({ name }), [name]);
  const answer = useQuery(TogglePageDocument, variables);
  const id = answer.data?.toggle?.id;
  useLive(ToggleFollowedDocument, variables, ({ toggleChanged }) => {
    // The cache updates the toggle of the page. It does not notice that the name got or lost a toggle.
    if (!toggleChanged.toggle || toggleChanged.toggleId !== id) answer.again();
  });
  return answer;
}
