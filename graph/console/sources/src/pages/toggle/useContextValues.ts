import { useEffect, useMemo, useRef, useState } from "react";

import { parametersOf, relevantFields, valuesIn } from "./context.ts";
import type { Values } from "./context.ts";
import { useAddress } from "../../app/address.ts";
import type { Definitions } from "../../edits/definitions.ts";
import type { EnvironmentDraft } from "../../edits/draft.ts";

interface ContextValues {
  /** The context fields to fill in. */
  fields: readonly string[];
  values: Values;
  onChange: (values: Values) => void;
}

const SETTLED_MS = 300;

/** Return the context of the page. The address follows what is typed. */
export function useContextValues(environment: EnvironmentDraft, definitions: Definitions): ContextValues {
  const { one, all, change } = useAddress();
  const [values, setValues] = useState<Values>(() => valuesIn(one("user"), all("context")));

  const written = useRef(values);
  useEffect(() => {
    if (values === written.current) return undefined;
    const timer = setTimeout(() => {
      written.current = values;
      change(parametersOf(values));
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [values, change]);

  const relevant = useMemo(() => relevantFields(environment, definitions), [environment, definitions]);
  const fields = useMemo(() => [...new Set([...relevant, ...values.keys()])], [relevant, values]);
  return { fields, values, onChange: setValues };
}
