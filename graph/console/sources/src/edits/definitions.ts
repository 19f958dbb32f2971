import { useMemo } from "react";

import { useQuery } from "../app/client.ts";
import { EditorDefinitionsDocument, StrategyTitlesDocument } from "../gql/edits.ts";
import type { EditorDefinitionsQuery } from "../gql/edits.ts";

type Answer = EditorDefinitionsQuery;
export type StrategyDefinition = Answer["strategies"]["nodes"][number];
export type SegmentDefinition = Answer["segments"]["nodes"][number];
export type ContextField = Answer["contextFields"][number];

/** The titles of definitions of strategies by name. A definition may have an empty title. */
export type StrategyTitles = ReadonlyMap<string, string>;

/** What drafts refer to: strategies, segments, context fields and so on. */
export interface Definitions {
  strategies: readonly StrategyDefinition[];
  /** The titles of the strategies by name. */
  titles: StrategyTitles;
  /** The first segments by name. */
  segments: readonly SegmentDefinition[];
  segmentCount: number;
  contextFields: readonly ContextField[];
  toggleTypes: Answer["toggleTypes"];
  projects: Answer["projects"];
  tagTypes: Answer["tagTypes"];
}

const NOTHING = {};

/** Load the definitions. Until the server answers, all lists are empty. */
export function useDefinitions(): Definitions {
  const { data } = useQuery(EditorDefinitionsDocument, NOTHING);
  return useMemo(
    () => ({
      strategies: data?.strategies.nodes ?? [],
      titles: titlesOf(data?.strategies.nodes ?? []),
      segments: data?.segments.nodes ?? [],
      segmentCount: data?.segments.totalCount ?? 0,
      contextFields: data?.contextFields ?? [],
      toggleTypes: data?.toggleTypes ?? [],
      projects: data?.projects ?? [],
      tagTypes: data?.tagTypes ?? [],
    }),
    [data],
  );
}

/** Load the titles of the definitions of strategies, for pages that need no other definitions. */
export function useStrategyTitles(): StrategyTitles {
  const { data } = useQuery(StrategyTitlesDocument, NOTHING);
  return useMemo(() => titlesOf(data?.strategies.nodes ?? []), [data]);
}

function titlesOf(strategies: readonly { name: string; title: string }[]): StrategyTitles {
  return new Map(strategies.map(({ name, title }) => [name, title]));
}

/** Return what distinguishes a strategy for people: its own title, that of its definition, or its name. */
export function strategyTitle(strategy: { name: string; title: string }, titles: StrategyTitles): string {
  return strategy.title || titles.get(strategy.name) || strategy.name;
}

/** Return whom a strategy selects. The server keeps the words of Unleash 3.x for the strategy `default`. */
export function strategyMeaning({ name, description }: Pick<StrategyDefinition, "name" | "description">): string {
  return name === "default" ? "On for everybody, unless constraints limit it." : description;
}

/** Return the values that may be suggested for a context field. */
export function legalValuesOf({ contextFields }: Definitions, name: string): string[] {
  const field = contextFields.find((each) => each.name === name);
  return field ? field.legalValues.map(({ value }) => value) : [];
}

// All SDKs know these fields. The server does not require that they are marked for stickiness.
const ALWAYS_STICKY = ["userId", "sessionId"];

/** Return the choices of what keeps a share of users stable. The current value is always a choice. */
export function stickinessOptions(
  { contextFields }: Definitions,
  current: string,
): { value: string; text: string }[] {
  const marked = contextFields.filter(({ stickiness }) => stickiness).map(({ name }) => name);
  const fields = new Set([...ALWAYS_STICKY, ...marked, current]);
  for (const other of ["", "default", "random"]) fields.delete(other);
  return [
    { value: "default", text: "user or session" },
    ...[...fields].map((name) => ({ value: name, text: name })),
    { value: "random", text: "nothing: random each time" },
  ];
}
