// The operation in the fragment of the address, as in `graphql#query=...&variables=...`; null if
// there is none. It is taken out of the address, so that a reload does not open it again.
export function takeLinkedOperation() {
  const parameters = new URLSearchParams(window.location.hash.slice(1));
  const query = parameters.get("query");
  if (!query) return null;
  const { pathname, search } = window.location;
  window.history.replaceState(null, "", pathname + search);
  return { query, variables: parameters.get("variables") || null };
}
