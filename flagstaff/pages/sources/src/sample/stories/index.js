import { everything } from "./everything.js";
import { experiment } from "./experiment.js";
import { graphqlStory } from "./graphql.js";
import { incident } from "./incident.js";
import { moving } from "./moving.js";
import { release } from "./release.js";
import { sdk } from "./sdk.js";
import { targeting } from "./targeting.js";

// The order of the stories on the page.
export const STORIES = [
  release,
  experiment,
  incident,
  targeting,
  sdk,
  moving,
  graphqlStory,
  everything,
];
