import { expect, test } from "vitest";

import { creationOf, EMPTY, similarTo } from "./creation.ts";
import { randomDraft, randomFrom } from "../../edits/samples.ts";

test("a new toggle has the same strategies in all environments", () => {
  const toggle = { ...EMPTY, name: "new", enabledIn: ["test"] };

  expect(creationOf(toggle, ["default", "test", "left-off"], undefined)).toEqual([
    {
      toggleCreate: {
        name: "new",
        description: "",
        type: "release",
        project: "default",
        impressionData: false,
        tags: [],
        environment: "default",
        enabled: false,
        strategies: [],
      },
    },
    { toggleConfigure: { name: "new", environment: "test", enabled: true, strategies: [] } },
  ]);
});

test("a similar toggle copies each configuration, and is on only where chosen", () => {
  const source = randomDraft(randomFrom(3));
  const toggle = { ...similarTo(source), name: "copy", enabledIn: ["production"] };
  const [created, ...others] = creationOf(toggle, ["default", "development", "production"], source);

  expect(created?.toggleCreate).toMatchObject({ name: "copy", type: source.type, tags: source.tags });
  expect(others).toEqual([
    { toggleCopyConfiguration: { name: "toggle", from: "development", to: "development", toToggle: "copy" } },
    { toggleCopyConfiguration: { name: "toggle", from: "production", to: "production", toToggle: "copy" } },
    { toggleSetEnabled: { name: "copy", environment: "production", enabled: true } },
  ]);
});
