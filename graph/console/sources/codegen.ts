// Generates the types of operations: one file in `src/gql` for each folder with `.graphql` files.
// `src/fragments.graphql` has the fragments that several folders use.
import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { CodegenConfig } from "@graphql-codegen/cli";

const FRAGMENTS = "src/fragments.graphql";

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".graphql"));
const folders = [...new Set(files.map(dirname).filter((folder) => folder !== "."))];

const generates: CodegenConfig["generates"] = {
  "src/gql/possibleTypes.ts": {
    plugins: ["fragment-matcher"],
    config: { useExplicitTyping: true, apolloClientVersion: 3 },
  },
};
for (const folder of folders) {
  generates[`src/gql/${basename(folder)}.ts`] = {
    documents: [FRAGMENTS, `src/${folder}/*.graphql`],
    plugins: ["typescript-operations", "typed-document-node"],
    config: {
      enumType: "string-literal",
      scalars: { BigInt: "number", DateTime: "string", JSON: "unknown" },
      disableDescriptions: true,
      useTypeImports: true,
      inputMaybeValue: "T | null | undefined",
    },
  };
}

const config: CodegenConfig = {
  schema: "../../../schema.graphql",
  generates,
};

export default config;
