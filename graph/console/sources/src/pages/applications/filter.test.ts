import { expect, test } from "vitest";

import { filterIn } from "./filter.ts";

const filterAt = (query: string) => {
  const parameters = new URLSearchParams(query);
  return filterIn({ one: (name) => parameters.get(name) ?? "" });
};

test("the address has the search, the environment and whether something does not fit", () => {
  expect(filterAt("")).toEqual({});
  expect(filterAt("q=%20&issues=no")).toEqual({});
  expect(filterAt("q= web &env=production&issues=yes")).toEqual({
    search: "web",
    environments: ["production"],
    hasIssues: true,
  });
});
