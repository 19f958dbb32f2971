import { expect, test } from "vitest";

import { parseChanges, proposalFragment, proposalIn, withoutRevisions } from "./proposal.ts";
import type { ChangeInput } from "../gql/edits.ts";

const CHANGES: ChangeInput[] = [
  { toggleUpdate: { name: "a", description: "Grüße 🚩 \u0000", expectedRevision: 7 } },
  { toggleSetEnabled: { name: "a", environment: "production", enabled: true } },
];

test("a fragment contains the changes and needs no encoding", () => {
  const fragment = proposalFragment(CHANGES);

  expect(fragment).toMatch(/^#proposal=[\w-]+$/);
  expect(proposalIn(fragment)).toEqual({ changes: CHANGES });
});

test.each(["", "#", "#content", "#proposals=1"])("the fragment %j is no proposal", (fragment) => {
  expect(proposalIn(fragment)).toBeUndefined();
});

test.each(["#proposal=", "#proposal=%%", "#proposal=bm9uZQ", proposalFragment([]), proposalFragment(CHANGES).slice(0, -3)])(
  "the proposal %j is refused",
  (fragment) => {
    expect(proposalIn(fragment)).toMatchObject({ problem: expect.any(String) });
  },
);

test("a proposal that is too long is refused before it is decoded", () => {
  expect(proposalIn(`#proposal=${"a".repeat(300_000)}`)).toEqual({ problem: "The link is too long." });
});

test.each(["{}", "[1]", "[{}]", '[{"toggleUpdate":1}]', '[{"unknown":{}}]', '[{"constructor":{}}]', "[[]]", "["])(
  "%s contains no changes",
  (text) => {
    expect(parseChanges(text)).toBeUndefined();
  },
);

test("changes can be applied to objects that have changed since", () => {
  expect(withoutRevisions(CHANGES)).toEqual([
    { toggleUpdate: { name: "a", description: "Grüße 🚩 \u0000" } },
    CHANGES[1],
  ]);
});
