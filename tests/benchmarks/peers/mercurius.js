// Serves objects in memory with mercurius and its JIT: node mercurius.js FILE PORT
// The file is a JSON list of toggles.

import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import mercurius from 'mercurius';

const [file, port] = process.argv.slice(2);
const toggles = JSON.parse(readFileSync(file, 'utf8'));
const schema = readFileSync('toggles.graphql', 'utf8');

const app = Fastify();
// The document is compiled the first time that it arrives.
app.register(mercurius, {
  schema,
  jit: 1,
  resolvers: { Query: { toggles: (_, { first }) => ({ nodes: toggles.slice(0, first) }) } },
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
console.log('ready');
