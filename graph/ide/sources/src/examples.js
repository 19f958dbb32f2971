const operations = import.meta.glob("./examples/*.graphql", {
  query: "?raw",
  import: "default",
  eager: true,
});
const variables = import.meta.glob("./examples/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});

// The tabs for new visitors, sorted by file name.
export const EXAMPLES = Object.keys(operations)
  .sort()
  .map((file) => ({
    query: operations[file],
    variables: variables[file.replace(/graphql$/, "json")] ?? null,
  }));
