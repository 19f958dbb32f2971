// The list page with its switch, as far as it is the same whichever client runs it.
import { getFragmentData } from './generated/index.js';
import {
  SwitchPartsFragmentDoc,
  type SwitchToggleMutation,
  type ToggleListPageQuery,
  UserErrorPartsFragmentDoc,
} from './generated/graphql.js';

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

export const url = `${setting('SERVER_URL')}/graphql`;
export const headers = { authorization: setting('ADMIN_TOKEN') };
export const toggle = setting('TOGGLE');
/** The list of the toggles whose names begin as that one's does. */
export const variables = { filter: { namePrefix: toggle.slice(0, toggle.indexOf('.') + 1) } };

/** How many requests have gone out so far. */
export let requests = 0;

export const countingFetch: typeof fetch = (input, init) => {
  requests += 1;
  return fetch(input, init);
};

export interface Switch {
  enabled: boolean;
  revision: number;
}

/** The toggle's switch in the environment `default`, as the list shows it. */
export function switchOn(list: ToggleListPageQuery | undefined): Switch {
  const row = list?.toggles.nodes.find((node) => node.name === toggle);
  const switches = getFragmentData(SwitchPartsFragmentDoc, row?.environments ?? []);
  const found = switches.find((it) => it.environment.name === 'default');
  if (found === undefined) throw new Error(`the list does not show the switch of ${toggle}`);
  return { enabled: found.enabled, revision: found.revision };
}

export interface Refusal {
  type: string;
  code: string;
  path: readonly string[];
  /** What the error says beyond its message. */
  actualRevision: number | null;
}

/** Why a switch did not move; empty when it did. */
export function refusals(outcome: SwitchToggleMutation | null | undefined): Refusal[] {
  if (!outcome) throw new Error('the mutation has no outcome');
  return getFragmentData(UserErrorPartsFragmentDoc, outcome.toggleSetEnabled.errors).map(
    (error) => ({
      type: error.__typename,
      code: error.code,
      path: error.path,
      actualRevision:
        error.__typename === 'RevisionConflictError' ? error.actualRevision : null,
    }),
  );
}

/** Waits for what a cache tells its readers of in its own time. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition() && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export interface Outcome {
  listed: Switch;
  refusals: Refusal[];
  afterRefusal: Switch;
  afterSwitch: Switch;
  requests: number;
}

/** One client, told how to show the list, what it shows just now, and how to move the switch. */
export interface Frontend {
  open(): Promise<void>;
  list(): ToggleListPageQuery | undefined;
  move(enabled: boolean, expectedRevision: number): Promise<Refusal[]>;
}

/** Opens the list, moves the switch in vain and then in earnest, and prints what the list shows. */
export async function run(frontend: Frontend): Promise<void> {
  await frontend.open();
  const listed = switchOn(frontend.list());
  const refused = await frontend.move(!listed.enabled, listed.revision + 1_000);
  const afterRefusal = switchOn(frontend.list());
  const accepted = await frontend.move(!listed.enabled, listed.revision);
  if (accepted.length > 0) throw new Error(`refused: ${JSON.stringify(accepted)}`);
  await until(() => switchOn(frontend.list()).enabled !== listed.enabled);
  const afterSwitch = switchOn(frontend.list());
  const outcome: Outcome = { listed, refusals: refused, afterRefusal, afterSwitch, requests };
  console.log(JSON.stringify(outcome));
}
