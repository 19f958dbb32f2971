import { constants, gzipSync } from "node:zlib";

// Assets are compressed once, here: the server sends files as they are on disk.
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

// The configuration that all bundles have in common, with further plugins and build options.
export function configuration({ plugins = [], build = {}, ...others }) {
  return {
    // Names are relative to the file that has them, since a proxy may serve this below any path.
    // The server knows where the page itself is.
    base: "./",
    plugins: [...plugins, compressed()],
    build: {
      // Older browsers are not supported.
      target: "es2022",
      // The licences of bundled packages.
      license: { fileName: "LICENSES.md" },
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4096,
      ...build,
    },
    ...others,
  };
}
