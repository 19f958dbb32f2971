// Returns the operation in the fragment of the address, such as `graphql#query=...&variables=...`, or
// null. The fragment is removed, so that a reload does not open the operation again.
export function takeLinkedOperation() {
  const parameters = new URLSearchParams(window.location.hash.slice(1));
  const query = parameters.get("query");
  if (!query) return null;
  const { pathname, search } = window.location;
  window.history.replaceState(null, "", pathname + search);
  return { query, variables: parameters.get("variables") || null };
}
