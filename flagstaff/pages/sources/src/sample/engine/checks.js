// Functions for the checks of steps. Each function throws an error with a sentence about the
// problem.
export class CheckError extends Error {}

export function ensure(condition, sentence) {
  if (!condition) throw new CheckError(sentence);
}

export function equal(actual, expected, what) {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  ensure(one === other, `${what} should be ${other} but is ${one}.`);
}

export function includes(list, value, what) {
  ensure(list.includes(value), `${what} should contain ${JSON.stringify(value)} but does not.`);
}

export function excludes(list, value, what) {
  ensure(!list.includes(value), `${what} should not contain ${JSON.stringify(value)} but does.`);
}

export function named(list, name, what) {
  const found = list.find((item) => item.name === name);
  ensure(found, `${what} should contain ${JSON.stringify(name)} but does not.`);
  return found;
}

// Returns the payload of a mutation, or the data of a query; throws if there are errors.
export function dataOf(answer) {
  const { data, errors } = answer.body ?? {};
  ensure(!errors, `GraphQL answered with the error "${errors?.[0]?.message}".`);
  for (const payload of Object.values(data)) {
    const problem = payload?.errors?.[0];
    ensure(!problem, `The server refused the change: ${problem?.message}`);
  }
  return data;
}
