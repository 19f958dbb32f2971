// A program: two people edit the same toggle of a real server at the same time, with the drafts, changes and merges of
// the console. It fails if an edit is lost although nobody was asked about the field.
//
//     node lostUpdates.ts URL TOKEN TOGGLE ROUNDS SEED
import process from "node:process";
import { print } from "graphql";
import type { DocumentNode } from "graphql";

import { catchUp, isDecided } from "./catchUp.ts";
import { changesOf } from "./changes.ts";
import { draftOf, isEqual, isNew } from "./draft.ts";
import type { StrategyDraft, ToggleDraft } from "./draft.ts";
import { validlyEdited } from "./sampleEdits.ts";
import { fieldsOf, isCovered } from "./sampleFields.ts";
import { randomFrom } from "./samples.ts";
import type { Random } from "./samples.ts";
import type { Side } from "./threeWay.ts";
import { ComparePageDocument } from "../gql/compare.ts";
import type { ComparePageQuery } from "../gql/compare.ts";
import { ApplyChangesDocument } from "../gql/edits.ts";
import type { ApplyChangesMutation } from "../gql/edits.ts";

const [url = "", token = "", toggle = "", rounds = "1", seed = "1"] = process.argv.slice(2);
const MAX_ATTEMPTS = 10;

async function ask<Data>(document: DocumentNode, variables: unknown): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: token },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: readonly { message: string }[] };
  if (errors) throw new Error(errors[0]?.message);
  return data;
}

async function load(): Promise<ToggleDraft> {
  const { toggle: loaded } = await ask<ComparePageQuery>(ComparePageDocument, { name: toggle });
  if (!loaded) throw new Error(`There is no toggle named ${toggle}.`);
  return draftOf(loaded);
}

/** Somebody with unsaved edits. */
class Person {
  readonly #random: Random;
  #base: ToggleDraft;
  #mine: ToggleDraft;
  /** The edits before any merge. */
  readonly wanted: ToggleDraft;
  /** The keys of the fields about which the person was asked. */
  readonly asked = new Set<string>();
  /** The old IDs of strategies that somebody removed and the person adds again, by title. */
  readonly revived = new Map<string, string>();
  refusals = 0;

  constructor(random: Random, base: ToggleDraft, word: string) {
    this.#random = random;
    this.#base = base;
    this.wanted = validlyEdited(random, base, word);
    this.#mine = this.wanted;
  }

  /** Merge the changes of others. If fields conflict, choose a side of each at random. */
  async hear(): Promise<void> {
    const drafts = { base: this.#base, theirs: await load(), mine: this.#mine };
    const conflicts = catchUp(drafts)?.conflicts ?? [];
    const choices: Record<string, Side> = {};
    for (const { key, options } of conflicts) {
      choices[key] = options[Math.floor(this.#random() * options.length)] as Side;
      this.asked.add(key);
    }
    const merged = catchUp(drafts, choices);
    if (!merged) return;
    if (!isDecided(merged, choices)) throw new Error("A conflict depends on the choice for another conflict.");
    this.#base = drafts.theirs;
    this.#mine = merged.draft;
    const known = new Set(strategiesOf(drafts.theirs).map(({ id }) => id));
    for (const strategy of strategiesOf(merged.draft)) {
      if (!isNew(strategy) && !known.has(strategy.id)) this.revived.set(strategy.title, strategy.id);
    }
  }

  async save(): Promise<void> {
    let problem = "";
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const changes = changesOf(this.#base, this.#mine);
      if (changes.length === 0) return;
      const { changeSetApply } = await ask<ApplyChangesMutation>(ApplyChangesDocument, { input: { changes } });
      const [error] = changeSetApply.errors;
      if (!error) return;
      this.refusals += 1;
      problem = `${error.message} ${JSON.stringify(changes)}`;
      await this.hear();
    }
    throw new Error(problem);
  }
}

function strategiesOf({ environments }: ToggleDraft): readonly StrategyDraft[] {
  return environments.flatMap(({ strategies }) => strategies);
}

/** Return the keys of the edits that are neither on the server nor were asked about. */
function lostEdits(before: ToggleDraft, people: readonly Person[], server: ToggleDraft): string[] {
  const after = withOldIds(server, before, people);
  const asked = new Set(people.flatMap((person) => [...person.asked]));
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const touched = new Set<string>();
  const lost: string[] = [];
  for (const { wanted } of people) {
    const fields = fieldsOf(withSavedIds(wanted, after));
    for (const key of new Set([...old.keys(), ...fields.keys()])) {
      if (isEqual(old.get(key), fields.get(key))) continue;
      touched.add(key);
      if (!isEqual(fields.get(key), now.get(key)) && !isCovered(key, asked)) lost.push(key);
    }
  }
  // Nothing else may have changed.
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    if (!isEqual(old.get(key), now.get(key)) && !touched.has(key) && !isCovered(key, asked)) lost.push(key);
  }
  return [...lost, ...lostOrders(before, people, after, asked)];
}

// Strategies that were new in a draft have IDs of the server now. Each new strategy has a title of its own.
function withSavedIds(draft: ToggleDraft, after: ToggleDraft): ToggleDraft {
  const saved = new Map(strategiesOf(after).map(({ title, id }) => [title, id]));
  return withIds(draft, (strategy) => (isNew(strategy) ? saved.get(strategy.title) : undefined));
}

// Strategies that were removed and added again have other IDs now.
function withOldIds(draft: ToggleDraft, before: ToggleDraft, people: readonly Person[]): ToggleDraft {
  const known = new Set(strategiesOf(before).map(({ id }) => id));
  const revived = new Map(people.flatMap((person) => [...person.revived]));
  return withIds(draft, ({ id, title }) => (known.has(id) ? undefined : revived.get(title)));
}

function withIds(draft: ToggleDraft, idOf: (strategy: StrategyDraft) => string | undefined): ToggleDraft {
  const environments = draft.environments.map((configuration) => ({
    ...configuration,
    strategies: configuration.strategies.map((strategy) => ({ ...strategy, id: idOf(strategy) ?? strategy.id })),
  }));
  return { ...draft, environments };
}

function lostOrders(before: ToggleDraft, people: readonly Person[], after: ToggleDraft, asked: ReadonlySet<string>): string[] {
  return before.environments.flatMap(({ environment }) => {
    const orderIn = (draft: ToggleDraft) =>
      draft.environments.find((each) => each.environment === environment)?.strategies.map(({ id }) => id) ?? [];
    const now = orderIn(after);
    return people.flatMap(({ wanted }) => {
      const kept = orderIn(wanted).filter((id) => now.includes(id) && orderIn(before).includes(id));
      const common = (draft: ToggleDraft) => orderIn(draft).filter((id) => kept.includes(id));
      const key = `/environments/${environment}/strategies/order`;
      const isMoved = !isEqual(common(before), kept);
      return isMoved && !isEqual(common(after), kept) && !asked.has(key) ? [key] : [];
    });
  });
}

async function round(number: number, random: Random): Promise<Person[]> {
  const before = await load();
  const people = ["a", "b"].map((who) => new Person(random, before, `${who}${seed}x${number}`));
  const [first, second] = people as [Person, Person];
  if (random() < 0.5) {
    await Promise.all([first.save(), second.save()]);
  } else {
    await first.save();
    // The second person may hear of the changes before saving, or only from the refusal.
    if (random() < 0.5) await second.hear();
    await second.save();
  }
  const lost = lostEdits(before, people, await load());
  if (lost.length > 0) throw new Error(`In round ${number} with seed ${seed}, these edits were lost: ${lost.join(" ")}`);
  return people;
}

const random = randomFrom(Number(seed));
const counts = { rounds: 0, refusals: 0, questions: 0 };
for (let number = 1; number <= Number(rounds); number += 1) {
  const people = await round(number, random);
  counts.rounds += 1;
  counts.refusals += people.reduce((sum, { refusals }) => sum + refusals, 0);
  counts.questions += people.reduce((sum, { asked }) => sum + asked.size, 0);
}
console.log(JSON.stringify(counts));
