// Types for the pages, as a frontend would have them generated.
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['queries.graphql', 'reference_data.graphql', 'console.graphql'],
  generates: {
    'pages/generated/': {
      preset: 'client',
      presetConfig: {
        fragmentMasking: { unmaskFunctionName: 'getFragmentData' },
        persistedDocuments: { hashAlgorithm: 'sha256' },
      },
      config: {
        strictScalars: true,
        scalars: { BigInt: 'number', DateTime: 'string', JSON: 'unknown' },
        useTypeImports: true,
        importExtension: '.js',
      },
    },
  },
};

export default config;
