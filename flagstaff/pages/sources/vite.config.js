import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { defineConfig } from "vite";

import { configuration } from "../../../vite.shared.js";

const require = createRequire(import.meta.url);

// Swagger UI and ReDoc are published as bundles. Their licence files list the packages inside.
const PUBLISHED_BUNDLES = [
  "swagger-ui-dist/NOTICE",
  "swagger-ui-dist/swagger-ui-es-bundle.js.LICENSE.txt",
  "redoc/bundles/redoc.standalone.js.LICENSE.txt",
];

function licensesOfPublishedBundles() {
  return {
    name: "licenses-of-published-bundles",
    apply: "build",
    generateBundle() {
      const texts = PUBLISHED_BUNDLES.map(
        (name) => `# ${name}\n\n${readFileSync(require.resolve(name), "utf8").trim()}\n`,
      );
      this.emitFile({ type: "asset", fileName: "LICENSES-INSIDE.md", source: texts.join("\n") });
    },
  };
}

// These replacements apply to ReDoc's published bundle. The bundle contains the address of a logo
// on another server, and a module that exists only while ReDoc itself is built.
const REPLACED_IN_REDOC = [
  ['"https://cdn.redoc.ly/redoc/logo-mini.svg"', '"data:,"'],
  ['require("null")', "undefined"],
];

function redocWithoutOthers() {
  return {
    name: "redoc-without-others",
    transform: {
      filter: { id: /redoc\/bundles\/redoc\.standalone\.js$/ },
      handler(code, id) {
        return REPLACED_IN_REDOC.reduce((text, [old, replacement]) => {
          if (!text.includes(old)) this.error(`There is no ${old} in ${id} any more.`);
          return text.replaceAll(old, replacement);
        }, code);
      },
    },
  };
}

export default defineConfig(
  configuration({
    plugins: [redocWithoutOthers(), licensesOfPublishedBundles()],
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: { rolldownOptions: { input: ["docs.html", "redoc.html", "sample.html"] } },
  }),
);
