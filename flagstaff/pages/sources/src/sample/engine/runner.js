import { CheckError } from "./checks.js";
import { Client, SignedOutError, UnreachableError } from "./client.js";
import { removeAll } from "./removal.js";
import { graphqlRequest, requestOf } from "./requests.js";
import { fillText } from "./templates.js";

export const PROJECT = "sample";
// The time for which a step repeats its request, and the time between two requests.
const PATIENCE_MS = 15_000;
const PAUSE_MS = 250;
// The maximum number of times that a story creates the project again after another run removed it.
const MAX_RESTORATIONS = 10;

const TITLE = "Sample application";
const PROJECT_QUERY = "query Project($name: String!) { project(name: $name) { title } }";
const CREATE_PROJECT = `mutation CreateProject($name: String!, $title: String!) {
  projectCreate(input: { name: $name, title: $title }) { errors { code message } }
}`;

// Returns the name of an object. The name contains the run, such as `sample-checkout-x7k2m9`.
// Without a run, the name is `sample-checkout`.
export function nameOf(what, run) {
  return run ? `sample-${what}-${run}` : `sample-${what}`;
}

export function newRun() {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return Array.from(bytes, (byte) => "abcdefghjkmnpqrstuvwxyz23456789"[byte % 31]).join("");
}

// Runs one story: creates a project and tokens, sends the request of each step and checks the answer,
// and finally removes everything that it created.
//
// `onRequest(request)` is called for each request of a step. `onMade(objects)` is called when the list
// of objects to remove changes. `report(step, result)` is called when the status of a step changes.
// `step` is the number of the step, or `removal` for the final removal. The `status` in the result is
// `running`, `passed`, `failed` or `skipped`.
export class StoryRun {
  #client;
  #made = [];
  #report;
  #restorations = 0;
  #stopped = false;
  #story;
  #streams = {};
  #tokens;
  #values;

  constructor(
    story,
    { server, token, run, report = () => {}, onRequest = () => {}, onMade = () => {} },
  ) {
    this.#story = story;
    this.#tokens = { admin: token };
    this.#client = new Client(server, this.#tokens);
    this.#report = report;
    this.onRequest = onRequest;
    this.onMade = onMade;
    const names = Object.fromEntries(
      Object.entries(story.names ?? {}).map(([key, what]) => [key, nameOf(what, run)]),
    );
    this.#values = {
      ...names,
      project: PROJECT,
      clientTokenName: nameOf(`${story.id}-client`, run),
      frontendTokenName: nameOf(`${story.id}-frontend`, run),
      now: new Date().toISOString(),
      hourAgo: new Date(Date.now() - 3_600_000).toISOString(),
    };
    Object.assign(this.#values, story.values?.(this.#values));
  }

  // Skips the steps that have not begun.
  stop() {
    this.#stopped = true;
  }

  // With another token, removes the objects that the first removal has left.
  removeAgain(token) {
    this.#tokens.admin = token;
    return this.#remove();
  }

  // Runs the story. Returns whether every step passed and everything was removed.
  async run() {
    let passed = true;
    for (const [number, step] of this.#steps().entries()) {
      if (!passed || this.#stopped) {
        passed = false;
        this.#report(number, { status: "skipped" });
        continue;
      }
      passed = await this.#runStep(number, step);
    }
    const removed = await this.#remove();
    return passed && removed;
  }

  #steps() {
    return stepsOf(this.#story);
  }

  async #runStep(number, step) {
    const result = { status: "running" };
    this.#report(number, result);
    const started = performance.now();
    try {
      if (step.prepare) await this.#prepareProject();
      await this.#perform(step, result, started);
      result.status = "passed";
    } catch (error) {
      result.status = "failed";
      result.problem = sentenceOf(error);
      result.signedOut = error instanceof SignedOutError;
      result.unreachable = error instanceof UnreachableError;
    }
    result.duration_ms = Math.round(performance.now() - started);
    this.#report(number, result);
    return result.status === "passed";
  }

  // Sends the request of a step. A patient step repeats its request until the answer is as expected.
  // A step that listens skips events of other changes.
  async #perform(step, result, started) {
    for (;;) {
      delete result.answer;
      // The objects are noted before the request, because they may be created even if no answer arrives.
      this.#note(this.#objects(step.makes));
      try {
        if (step.listen) await this.#listen(step, result);
        else await this.#send(step, result);
        return;
      } catch (error) {
        if (!(error instanceof CheckError)) throw error;
        if (step.makes && (await this.#restoreProject())) continue;
        const late = performance.now() - started > PATIENCE_MS;
        if (!(step.patient || step.listen) || late) throw error;
        if (!step.listen) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  async #send(step, result) {
    const request = requestOf(step, this.#values);
    result.request = request;
    let answer;
    if (step.stream) {
      const opened = await this.#client.open(request);
      answer = opened.answer;
      this.#streams[step.stream] = opened.stream;
      if (opened.stream && step.firstEvent) answer.event = await nextEvent(opened.stream, step);
    } else {
      answer = await this.#client.send(request);
    }
    this.onRequest(request);
    result.answer = answer;
    // If the server refuses to create an object, an existing object may belong to somebody else.
    if (isRefusal(answer)) this.#forget(step.makes);
    this.#check(step, answer);
    if (step.secret) hide(answer, step.secret(answer));
  }

  async #listen(step, result) {
    const answer = { event: await nextEvent(this.#streams[step.listen], step) };
    result.answer = answer;
    this.#check(step, answer);
  }

  #check(step, answer) {
    const status = step.status ?? 200;
    if (!step.listen && answer.status !== status) {
      throw new CheckError(
        `The server should answer ${status} but answered ${answer.status}. ${messageOf(answer)}`.trim(),
      );
    }
    step.check?.(answer, this.#values);
    for (const [name, [, read]] of Object.entries(step.keep ?? {})) {
      this.#values[name] = read(answer, this.#values);
    }
    this.#forget(step.removes);
    Object.assign(this.#tokens, step.token?.(answer));
  }

  #objects(pairs = []) {
    return pairs.map(([kind, name]) => ({ kind, name: fillText(name, this.#values) }));
  }

  #forget(pairs) {
    for (const { kind, name } of this.#objects(pairs)) {
      this.#setMade(this.#made.filter((made) => made.kind !== kind || made.name !== name));
    }
  }

  #note(objects) {
    const isNoted = ({ kind, name }) =>
      this.#made.some((made) => made.kind === kind && made.name === name);
    this.#setMade([...this.#made, ...objects.filter((object) => !isNoted(object))]);
  }

  #setMade(objects) {
    this.#made = objects;
    this.onMade(objects);
  }

  // Creates the project unless it exists. Stories that run at the same time share the project. The
  // last story removes the project.
  async #prepareProject() {
    const project = await this.#findProject();
    if (project === null) await this.#createProject();
    else if (project.title === TITLE) this.#note([{ kind: "project", name: PROJECT }]);
  }

  // Creates the project again if another run has removed it, and returns whether it was created. The
  // project can be removed until this story has created an object in it.
  async #restoreProject() {
    if (this.#restorations === MAX_RESTORATIONS || (await this.#findProject())) return false;
    this.#restorations += 1;
    await this.#createProject();
    return true;
  }

  // Returns the project, or null if it does not exist.
  async #findProject() {
    const answer = await this.#client.send(graphqlRequest(PROJECT_QUERY, { name: PROJECT }));
    if (!answer.body?.data) throw new CheckError(messageOf(answer));
    return answer.body.data.project;
  }

  async #createProject() {
    const variables = { name: PROJECT, title: TITLE };
    const { body } = await this.#client.send(graphqlRequest(CREATE_PROJECT, variables));
    const problem = body?.errors?.[0] ?? body?.data?.projectCreate.errors[0];
    if (problem && problem.code !== "ALREADY_EXISTS") throw new CheckError(problem.message);
    this.#note([{ kind: "project", name: PROJECT }]);
  }

  async #remove() {
    for (const stream of Object.values(this.#streams)) stream?.close();
    this.#report("removal", { status: "running" });
    const { removed, left, problems } = await removeAll(this.#client, this.#made);
    this.#setMade(left);
    const status = problems.length ? "failed" : "passed";
    this.#report("removal", { status, problems, removed, left });
    return status === "passed";
  }
}

// Returns the steps that create the tokens of a story, and then the steps of the story.
export function stepsOf(story) {
  const tokens = [
    ["client", "{clientTokenName}", "SDKs on servers use client tokens."],
    ["frontend", "{frontendTokenName}", "SDKs in browsers and on phones use frontend tokens."],
  ].filter(([type]) => story.tokens?.includes(type));
  return [...tokens.map(tokenStep), ...story.steps].map((step, number) =>
    number === 0 ? { ...step, prepare: true } : step,
  );
}

function tokenStep([type, name, why]) {
  return {
    title: `Create a ${type} token`,
    why: `${why} This token gives access only to the project sample in the environment default. At the end of the story, the token is revoked.`,
    method: "POST",
    path: "/api/admin/api-tokens",
    body: { tokenName: name, type, environment: "default", projects: ["{project}"] },
    makes: [["token", name]],
    status: 201,
    expected: "The answer contains the secret of the token. The server never shows it again.",
    check: ({ body }) => {
      if (!body.secret) throw new CheckError("The answer contains no secret.");
    },
    keep: { [`${type}TokenId`]: ["the field id", ({ body }) => body.id] },
    token: ({ body }) => ({ [type]: body.secret }),
    secret: ({ body }) => body.secret,
  };
}

async function nextEvent(stream, step) {
  if (!stream) throw new CheckError("The stream is not open.");
  for (;;) {
    const event = await stream.next();
    if (!event) throw new CheckError("No event arrived within 15 seconds.");
    if (!step.events || step.events.includes(event.event)) return event;
  }
}

// Replaces a secret in the answer that the page shows.
function hide(answer, secret) {
  answer.text = answer.text.replaceAll(secret, "(not shown)");
  answer.body = undefined;
}

function isRefusal({ status, body }) {
  if (status >= 400 && status < 500) return true;
  const payloads = Object.values(body?.data ?? {});
  return Boolean(body?.errors) || payloads.some((payload) => payload?.errors?.length);
}

function messageOf({ body }) {
  return body?.message ?? body?.details?.[0]?.message ?? body?.errors?.[0]?.message ?? "";
}

function sentenceOf(error) {
  const known = [CheckError, SignedOutError, UnreachableError].some((kind) => error instanceof kind);
  return known ? error.message : `The answer has another form than expected (${error.message}).`;
}
