import { expect, test } from "vitest";

import { cellIn, cellText, viewIn } from "./view.ts";

function viewOf(query: string) {
  const params = new URLSearchParams(query);
  const address = { one: (name: string) => params.get(name) ?? "", all: (name: string) => params.getAll(name) };
  return viewIn(address, ["default", "production"], "production");
}

test("without parameters the empty context is evaluated in the first environment", () => {
  const view = viewOf("");

  expect(view.contexts).toEqual([{ properties: [] }]);
  expect(view.environments).toEqual(["production"]);
  expect(view.onlyAffected).toBe(false);
});

test("an address has contexts, environments and changes", () => {
  const view = viewOf('context=7&context={"a":1}&env=default&env=gone&changes=[{"toggleArchive":{"name":"a"}}]&only=changes');

  expect(view.contexts).toHaveLength(2);
  expect(view.environments).toEqual(["default"]);
  expect(view.onlyAffected).toBe(true);
});

test("only changes needs changes", () => {
  expect(viewOf("only=changes").onlyAffected).toBe(false);
});

test("a decision is read from its text", () => {
  const cell = { context: 1, environment: "production", toggle: "a:b" };

  expect(cellIn(cellText(cell))).toEqual(cell);
  expect(cellIn("x")).toBeUndefined();
});
