import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequest, formatDocument, stringifyDocument } from "@urql/core";
import { defineConfig, runnerImport } from "vite";

import { configuration } from "../../../vite.shared.js";

const GENERATED = resolve(import.meta.dirname, "src/gql");

// The operations as the console sends them, by ID. The server trusts them, so that the console works
// on a server that runs only trusted documents.
async function trustedDocuments() {
  const documents = {};
  for (const file of readdirSync(GENERATED).sort()) {
    const { module } = await runnerImport(resolve(GENERATED, file));
    for (const document of Object.values(module)) {
      if (document.definitions?.[0].kind !== "OperationDefinition") continue;
      const text = stringifyDocument(formatDocument(createRequest(document, {}).query));
      documents[`sha256:${createHash("sha256").update(text).digest("hex")}`] = text;
    }
  }
  return documents;
}

// Vite lists the licences of scripts only.
function fontLicences() {
  return {
    name: "font-licences",
    apply: "build",
    generateBundle() {
      const texts = ["inter", "jetbrains-mono"].map((font) => {
        const name = `@fontsource-variable/${font}`;
        const folder = dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));
        return `## ${name}\n\n${readFileSync(resolve(folder, "LICENSE"), "utf8").trim()}\n`;
      });
      this.emitFile({ type: "asset", fileName: "LICENSES-FONTS.md", source: texts.join("\n") });
    },
  };
}

function manifest() {
  return {
    name: "manifest",
    apply: "build",
    async generateBundle() {
      const source = JSON.stringify(await trustedDocuments(), null, 2);
      this.emitFile({ type: "asset", fileName: "documents.json", source });
    },
  };
}

// The chunk of a page has the name of the page's folder.
function chunkName({ facadeModuleId }) {
  const folder = /\/pages\/([^/]+)\//.exec(facadeModuleId ?? "")?.[1];
  return `assets/${folder ?? "[name]"}-[hash].js`;
}

export default defineConfig(
  configuration({
    plugins: [manifest(), fontLicences()],
    build: { rolldownOptions: { output: { chunkFileNames: chunkName } } },
  }),
);
