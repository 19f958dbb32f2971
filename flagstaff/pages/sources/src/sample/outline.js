// Prints the stories as JSON, for people who follow them by hand. Names are filled in. IDs that the
// server chooses remain placeholders.
import { nameOf, PROJECT, stepsOf } from "./engine/runner.js";
import { fill } from "./engine/templates.js";
import { STORIES } from "./stories/index.js";

function outlineOf(story) {
  const values = {
    project: PROJECT,
    clientTokenName: nameOf(`${story.id}-client`),
    frontendTokenName: nameOf(`${story.id}-frontend`),
    ...Object.fromEntries(
      Object.entries(story.names).map(([key, what]) => [key, nameOf(what)]),
    ),
  };
  Object.assign(values, story.values?.(values));
  const steps = stepsOf(story).map((step) => {
    const { title, why, as = "admin", method, path, query, headers, body, listen, expected } = step;
    const { status = 200, keep = {} } = step;
    const filled = fill({ path, query, headers, body, expected }, values);
    const keeps = Object.entries(keep).map(([name, [what]]) => ({ name, what }));
    return { title, why, as, method, listen, status, ...filled, keeps };
  });
  return { title: story.title, summary: story.summary, steps };
}

process.stdout.write(JSON.stringify(STORIES.map(outlineOf)));
