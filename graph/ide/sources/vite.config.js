import { constants, gzipSync } from "node:zlib";

import { defineConfig } from "vite";

// Files are served as they are on disk, so they are compressed once, here.
function compressed() {
  return {
    name: "compressed",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const [fileName, file] of Object.entries(bundle)) {
          if (!fileName.startsWith("assets/")) continue;
          const source = gzipSync(file.type === "chunk" ? file.code : file.source, {
            level: constants.Z_BEST_COMPRESSION,
          });
          delete bundle[fileName];
          this.emitFile({ type: "asset", fileName: `${fileName}.gz`, source });
        }
      },
    },
  };
}

// graphql-language-service calls every non-null field of an input missing, those with a default too,
// so that complete variables would be underlined.
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

export default defineConfig({
  // Everything is named relative to the file that names it, since a proxy may serve this below any
  // path; the server knows where the page itself is.
  base: "./",
  plugins: [defaultsMayBeLeftOut(), compressed()],
  build: {
    // The editor needs a browser of these years; older ones are told so by nothing but their age.
    target: "es2022",
    // What is bundled asks for its licences to come along.
    license: { fileName: "LICENSES.md" },
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 4096,
  },
  worker: { format: "es", plugins: () => [defaultsMayBeLeftOut()] },
});
