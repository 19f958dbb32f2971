import { equal } from "../engine/checks.js";

const ADDONS = "/api/admin/addons";
const ADDON = {
  provider: "webhook",
  description: "{addon}",
  enabled: false,
  parameters: { url: "https://receiver.example/events" },
  events: ["feature-created", "feature-archived"],
};

// Steps of the story "everything": an addon, which is a webhook.
export const addons = [
  {
    title: "Create an addon",
    why: "An addon sends events to a URL. This one is disabled, so it sends nothing.",
    method: "POST",
    path: ADDONS,
    body: ADDON,
    makes: [["addon", "{addon}"]],
    keep: { addonId: ["the field id", ({ body }) => body.id] },
    status: 201,
    expected: "The answer contains the ID of the addon.",
  },
  {
    title: "List the addons",
    method: "GET",
    path: ADDONS,
    expected: "The list contains the addon with a masked URL.",
    check: ({ body }, { addon }) =>
      equal(
        body.addons.find(({ description }) => description === addon)?.parameters.url,
        "*****",
        "The URL",
      ),
  },
  {
    title: "Let the addon send events when toggles are revived",
    why: "A masked URL in the body leaves the URL unchanged.",
    method: "PUT",
    path: `${ADDONS}/{addonId}`,
    body: { ...ADDON, parameters: { url: "*****" }, events: ["feature-revived"] },
    expected: "The answer contains the new type of events.",
    check: ({ body }) => equal(body.events, ["feature-revived"], "The types of events"),
  },
  {
    title: "Read the addon",
    method: "GET",
    path: `${ADDONS}/{addonId}`,
    expected: "The addon has the new type of events.",
    check: ({ body }) => equal(body.events, ["feature-revived"], "The types of events"),
  },
  {
    title: "Delete the addon",
    method: "DELETE",
    path: `${ADDONS}/{addonId}`,
    expected: "The addon no longer exists.",
  },
];
