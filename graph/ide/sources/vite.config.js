import { defineConfig } from "vite";

import { configuration } from "../../../vite.shared.js";

// graphql-language-service reports each omitted non-null field of an input as an error, even if the
// field has a default. This plugin removes these errors.
function defaultsMayBeLeftOut() {
  const rule = "if (fieldRequired)";
  return {
    name: "defaults-may-be-left-out",
    transform(code, id) {
      if (!id.endsWith("graphql-language-service/esm/utils/getVariablesJSONSchema.js")) return null;
      if (!code.includes(rule)) this.error(`There is no '${rule}' in ${id} any more.`);
      return code.replace(rule, "if (fieldRequired && field.defaultValue === undefined)");
    },
  };
}

export default defineConfig(
  configuration({
    plugins: [defaultsMayBeLeftOut()],
    worker: { format: "es", plugins: () => [defaultsMayBeLeftOut()] },
  }),
);
