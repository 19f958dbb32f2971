import { expect, test } from "vitest";

import { creationOf, draftOf, formatFor, NEW_WEBHOOK, placesWords, shortUrl, typesWords, updateOf } from "./webhook.ts";

const WEBHOOK = {
  ...NEW_WEBHOOK,
  id: "1",
  name: "chat",
  receiverUrl: "https://hooks.slack.com/services/T0/B0/secret",
  format: "SLACK" as const,
  eventTypes: null,
  projects: ["shop"],
  environments: [],
  enabled: true,
  revision: 7,
};

test("hosts of Slack and Teams determine the format", () => {
  expect(formatFor(" https://hooks.slack.com/services/T0/B0/x")).toBe("SLACK");
  expect(formatFor("https://prod-1.westus.logic.azure.com:443/workflows/1")).toBe("TEAMS");
  expect(formatFor("https://hooks.slack.com.example.com/")).toBeUndefined();
  expect(formatFor("hooks.slack.com")).toBeUndefined();
});

test("lists show no part of a URL that may be a secret", () => {
  expect(shortUrl(WEBHOOK.receiverUrl)).toBe("https://hooks.slack.com/…");
  expect(shortUrl("http://127.0.0.1:8000/?key=secret")).toBe("http://127.0.0.1:8000/…");
  expect(shortUrl("https://deploy.example.com")).toBe("https://deploy.example.com");
});

test("a new webhook is sent without spaces around its name and URL", () => {
  const draft = { ...NEW_WEBHOOK, name: " chat ", receiverUrl: " https://chat.example.com " };

  expect(creationOf(draft)).toEqual({ ...NEW_WEBHOOK, name: "chat", receiverUrl: "https://chat.example.com" });
});

test("an update contains only what changed, and all types of events are null", () => {
  const draft = draftOf(WEBHOOK);

  expect(updateOf(WEBHOOK, draft)).toEqual({ id: "1", expectedRevision: 7 });
  expect(updateOf(WEBHOOK, { ...draft, projects: [], eventTypes: ["TOGGLE_ENABLED"] })).toEqual({
    id: "1",
    projects: [],
    eventTypes: ["TOGGLE_ENABLED"],
    expectedRevision: 7,
  });
  expect(updateOf({ ...WEBHOOK, eventTypes: [] }, { ...draft, eventTypes: null })).toHaveProperty("eventTypes", null);
});

test("words say which events are sent", () => {
  expect(typesWords(null, 1)).toBe("All events");
  expect(typesWords([], 1)).toBe("No events");
  expect(typesWords(["TOGGLE_ENABLED", "TOGGLE_DISABLED"], 1)).toBe("Toggle switched on and 1 more");
  expect(placesWords({ projects: [], environments: [] })).toBe("");
  expect(placesWords({ projects: ["shop"], environments: ["a", "b"] })).toBe("projects: shop; environments: a, b");
});
