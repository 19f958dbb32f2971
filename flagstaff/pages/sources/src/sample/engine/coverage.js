const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

// Returns the operations of an OpenAPI document, as `{ id, method, path, tag, summary }`.
export function operationsOf(description) {
  return Object.entries(description.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({
      id: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      tag: item[method].tags?.[0] ?? "",
      summary: item[method].summary ?? "",
    })),
  );
}

// Finds the operation that a request calls.
export class Operations {
  #matchers;

  constructor(description) {
    this.all = operationsOf(description);
    this.#matchers = this.all
      .map((operation) => ({
        operation,
        parameters: operation.path.split("{").length,
        pattern: new RegExp(`^${operation.path.replaceAll(".", "\\.").replace(/\{[^}]+\}/g, "[^/]+")}$`),
      }))
      // A fixed segment of a path takes precedence over a parameter at the same position.
      .sort((one, other) => one.parameters - other.parameters);
  }

  // Undefined if the document does not describe the request.
  of(request) {
    const [path] = request.path.split("?");
    return this.#matchers.find(
      ({ operation, pattern }) => operation.method === request.method && pattern.test(path),
    )?.operation;
  }
}
