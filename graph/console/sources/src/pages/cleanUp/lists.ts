// The lists of toggles that may be ready to leave, each with its filter and the reason for a row.
import type { CleanUpRowFragment, ToggleFilter, ToggleOrder } from "../../gql/cleanUp.ts";
import { sinceWords } from "../../parts/since.ts";

export interface CleanUpList {
  key: string;
  title: string;
  /** What puts a toggle into the list. */
  meaning: string;
  filter: ToggleFilter;
  orderBy: ToggleOrder;
  /** The search on the list of toggles that finds the same toggles, if there is one. */
  search?: string;
  reasonOf: (row: CleanUpRowFragment, now: number) => string;
}

const BY_NAME: ToggleOrder = { field: "NAME", direction: "ASC" };

/** Return the lists for a number of days and an environment. */
export function listsFor(days: number, environment: string): CleanUpList[] {
  return [
    {
      key: "stale",
      title: "Marked as stale",
      meaning: "Somebody has decided that the code should stop using these toggles.",
      filter: { staleness: ["STALE"] },
      orderBy: BY_NAME,
      search: "is:stale",
      reasonOf: (row, now) => `Last asked for: ${ago(row.lastSeenAt, now)}.`,
    },
    {
      key: "expired",
      title: "Past the expected lifetime",
      meaning: "These toggles are older than their type expects, and nobody has marked them as stale.",
      filter: { staleness: ["POTENTIALLY_STALE"] },
      orderBy: { field: "EXPIRES_AT", direction: "ASC" },
      search: "is:potentially-stale",
      reasonOf: ({ type, expiresAt }, now) =>
        `${type.title} toggles are expected to live for ${type.lifetimeDays ?? "any number of"} days. ` +
        `That ended ${ago(expiresAt, now)}.`,
    },
    {
      key: "on",
      title: `Always on in ${environment}`,
      meaning: `For ${days} days, applications in ${environment} have got only the answer yes.`,
      filter: { usage: { environment, alwaysEnabledForDays: days } },
      orderBy: BY_NAME,
      reasonOf: (row, now) =>
        `Last yes: ${ago(row.environment?.lastYesAt, now)}. Last no: ${ago(row.environment?.lastNoAt, now)}.`,
    },
    {
      key: "off",
      title: `Always off in ${environment}`,
      meaning: `For ${days} days, applications in ${environment} have got only the answer no.`,
      filter: { usage: { environment, alwaysDisabledForDays: days } },
      orderBy: BY_NAME,
      reasonOf: (row, now) =>
        `Last no: ${ago(row.environment?.lastNoAt, now)}. Last yes: ${ago(row.environment?.lastYesAt, now)}.`,
    },
    {
      key: "unseen",
      title: "Not asked for",
      meaning: `For ${days} days, no application has reported these toggles.`,
      filter: { usage: { unseenForDays: days } },
      orderBy: BY_NAME,
      search: `unseen:${days}`,
      reasonOf: ({ lastSeenAt, createdAt }, now) =>
        lastSeenAt === null
          ? `Never asked for since its creation ${ago(createdAt, now)}.`
          : `Last asked for ${ago(lastSeenAt, now)}.`,
    },
  ];
}

/** Return the applications that asked for a toggle, with the last asker first. */
export function askersOf({ usages }: CleanUpRowFragment): { name: string; lastSeenAt: string }[] {
  const newest = new Map<string, string>();
  for (const { application, lastSeenAt } of usages.nodes) {
    const known = newest.get(application.name);
    if (known === undefined || known < lastSeenAt) newest.set(application.name, lastSeenAt);
  }
  return [...newest].map(([name, lastSeenAt]) => ({ name, lastSeenAt })).sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt));
}

function ago(time: string | null | undefined, now: number): string {
  return time ? sinceWords(now - Date.parse(time)) : "never";
}
