import { useEffect, useMemo, useRef, useState } from "react";

import { contextInput } from "./context.ts";
import type { Values } from "./context.ts";
import { useQuery } from "../../app/client.ts";
import { WhatIfDocument } from "../../gql/toggle.ts";
import type { ChangeInput, VerdictFragment } from "../../gql/toggle.ts";
import { useSettled } from "../../parts/settled.ts";

export interface WhatIf {
  now: VerdictFragment | undefined;
  /** The verdict with the unsaved edits; undefined without edits, and until the server answers first. */
  then: VerdictFragment | undefined;
  /** The reason why the server cannot answer. */
  problem: string | undefined;
  /** Whether the verdicts belong to the present context and edits. */
  isCurrent: boolean;
}

interface Question {
  name: string;
  environment: string;
  values: Values;
  changes: readonly ChangeInput[];
  /** The revision of the toggle. The question is asked again when it changes. */
  revision: number;
}

const SETTLED_MS = 200;

// The server's sentence about refused changes begins with the path of the refused value.
const PATH = /^changes\[\d+\][^:]*: /;

/** Ask what a user gets now, and with the unsaved edits. */
export function useWhatIf({ name, environment, values, changes, revision }: Question): WhatIf {
  const variables = useMemo(
    () => ({ name, environment, context: contextInput(values), changes: [...changes] }),
    [name, environment, values, changes],
  );
  const settled = useSettled(variables, SETTLED_MS);
  const answer = useQuery(WhatIfDocument, settled);
  const { again } = answer;
  const asked = useRef(revision);
  useEffect(() => {
    if (asked.current === revision) return;
    asked.current = revision;
    again();
  }, [revision, again]);

  const result = answer.data?.playground.nodes[0];
  const isEdited = settled.changes.length > 0;
  const isCurrent = settled === variables && !answer.loading && !answer.problem;
  // While somebody types, the last answer remains.
  const [last, setLast] = useState<VerdictFragment>();
  const latest = isCurrent ? (isEdited ? result?.evaluations[0] : undefined) : last;
  if (latest !== last) setLast(latest);
  return {
    now: result?.before[0],
    then: changes.length > 0 ? latest : undefined,
    problem: answer.problem?.replace(PATH, ""),
    isCurrent,
  };
}
