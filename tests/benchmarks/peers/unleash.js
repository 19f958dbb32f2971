// Serves Unleash on the loopback interface: node unleash.js DATABASE_URL PORT
// The variables INIT_…_API_TOKENS create its tokens. Prints a line when it answers.

import { start } from 'unleash-server';

const nothing = () => {};
const logger = { debug: nothing, info: nothing, warn: nothing, error: console.error, fatal: console.error };
const [databaseUrl, port] = process.argv.slice(2);

await start({
  databaseUrl,
  db: { ssl: false },
  server: { host: '127.0.0.1', port: Number(port) },
  versionCheck: { enable: false },
  telemetry: false,
  getLogger: () => logger,
});
console.log('ready');
