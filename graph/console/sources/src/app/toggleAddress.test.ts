import { expect, test } from "vitest";

import { toggleAddress, toggleName } from "./toggleAddress.ts";

test.each(["new", "a", "it's-(not)*~!_.", "a/b", "100%", "%2F", "<b>", "مرحبا", "🙂"])("the name %s survives its address", (name) => {
  const address = toggleAddress(name);

  expect(address).not.toBe("/toggles/new");
  // The router decodes addresses in this way.
  expect(toggleName(decodeURI(address).slice("/toggles/".length))).toBe(name);
});

test("a segment that is not encoded correctly is a name itself", () => {
  expect(toggleName("100%")).toBe("100%");
});
