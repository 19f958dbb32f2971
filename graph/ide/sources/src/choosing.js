import { Kind, parse, separateOperations } from "graphql";

// The editor learns of a change a tenth of a second late, so the name and the syntax tree that it
// sends along may be those of the text before. This reads the text itself.
//
// Chooses the operation that `cursor` (an offset, null if it is elsewhere) is in, else the one
// selected before, else the first. Text that cannot be parsed is sent as it is, for the server to
// say what is wrong.
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
  // GraphQL has no way to choose beside an operation without a name.
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

// The text with spaces for all that an operation does not use, so that errors keep their places.
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
