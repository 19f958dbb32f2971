// What normalised caches have to know of the schema, taken from its text.
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLObjectType,
  introspectionFromSchema,
  isAbstractType,
  isObjectType,
} from 'graphql';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));

/** The schema as introspection answers with it. */
export const introspection = introspectionFromSchema(schema);

/** For each interface and union the names of the types that can stand for it. */
export const possibleTypes: Record<string, string[]> = Object.fromEntries(
  types
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map((possible) => possible.name)]),
);

/** The object types that have no ID, so that a cache keeps them inside of what they belong to. */
export const withoutId: string[] = types
  .filter((type): type is GraphQLObjectType => isObjectType(type))
  .filter((type) => !('id' in type.getFields()))
  .map((type) => type.name);
