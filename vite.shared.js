import { constants, gzipSync } from "node:zlib";

// Compresses assets during the build, because the server sends files unchanged.
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

// Returns the common configuration of all bundles, with additional plugins and build options.
export function configuration({ plugins = [], build = {}, ...others }) {
  return {
    // Files refer to each other by relative paths, because a proxy may serve them below any path. The
    // server rewrites the paths in the page itself.
    base: "./",
    plugins: [...plugins, compressed()],
    build: {
      // Older browsers are not supported.
      target: "es2022",
      // The file with the licences of the bundled packages.
      license: { fileName: "LICENSES.md" },
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4096,
      ...build,
    },
    ...others,
  };
}
