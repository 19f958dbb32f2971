import { Kind, parse, separateOperations } from "graphql";

// Chooses the operation to run: the operation at the offset `cursor`, otherwise the previously
// selected operation, otherwise the first operation. `cursor` is null if the cursor is not in the
// text. If the text cannot be parsed, it is sent unchanged, and the server reports the error.
//
// This function parses the text again, because the editor updates the operation name and the syntax
// tree a tenth of a second after a change.
export function chooseOperation({ query, operationName, ...others }, cursor) {
  const document = read(query);
  const operations = document?.definitions.filter(isOperation) ?? [];
  const chosen =
    operations.findLast(({ loc }) => cursor !== null && loc.start <= cursor && cursor <= loc.end) ??
    operations.find(({ name }) => name && name.value === operationName) ??
    operations[0];
  if (!chosen) return { params: { ...others, query }, document };
  const name = chosen.name?.value;
  if (operations.length === 1 || operations.every((operation) => operation.name)) {
    return { params: { ...others, query, operationName: name }, document };
  }
  // GraphQL cannot choose among several operations if any operation has no name.
  const alone = blankOthers(query, document, chosen);
  return { params: { ...others, query: alone, operationName: name }, document: parse(alone) };
}

function read(query) {
  try {
    return parse(query);
  } catch {
    return null;
  }
}

function isOperation({ kind }) {
  return kind === Kind.OPERATION_DEFINITION;
}

// Returns the text with spaces in place of definitions that an operation does not use. The positions
// in error messages remain correct.
function blankOthers(query, document, operation) {
  const definitions = document.definitions.filter((it) => it === operation || !isOperation(it));
  const [used] = Object.values(separateOperations({ ...document, definitions }));
  return document.definitions
    .filter((it) => !used.definitions.includes(it))
    .reduce(
      (text, { loc: { start, end } }) =>
        text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, " ") + text.slice(end),
      query,
    );
}
