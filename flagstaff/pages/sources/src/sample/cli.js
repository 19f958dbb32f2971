// Runs the stories against a server under Node, with the token in FLAGSTAFF_TOKEN:
//
//   node cli.js ADDRESS [--run NAME] [--only STORY]
//
// Prints a line of JSON for each step, and a last line with the operations that were called.
import { parseArgs } from "node:util";

import { Operations } from "./engine/coverage.js";
import { curlOf } from "./engine/requests.js";
import { newRun, StoryRun, stepsOf } from "./engine/runner.js";
import { STORIES } from "./stories/index.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { run: { type: "string" }, only: { type: "string" } },
});
const server = new URL(positionals[0].replace(/\/?$/, "/"));
const run = values.run ?? newRun();

const description = await (await fetch(new URL("openapi.json", server))).json();
const operations = new Operations(description);
const called = new Set();

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function printStep(story, step, result) {
  if (result.status === "running") return;
  const { title, expected } = step === "removal" ? {} : stepsOf(story)[step];
  const curl = result.request && curlOf(result.request, server);
  const line = { story: story.id, step, title, expected, ...result, curl };
  print({ ...line, operation: result.request && operations.of(result.request)?.id });
}

for (const story of STORIES) {
  if (values.only && values.only !== story.id) continue;
  let lost = false;
  const storyRun = new StoryRun(story, {
    server,
    token: process.env.FLAGSTAFF_TOKEN,
    run,
    report(step, result) {
      lost ||= Boolean(result.signedOut || result.unreachable);
      printStep(story, step, result);
    },
    onRequest: (request) => called.add(operations.of(request)?.id),
  });
  await storyRun.run();
  if (lost) break;
}

const documented = operations.all.map(({ id }) => id);
print({ documented, missing: documented.filter((id) => !called.has(id)) });
