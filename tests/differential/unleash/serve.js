'use strict';
// Serves Unleash 3.17.6 without authentication on a free port of the loopback interface.
// Prints the port. The argument is the URL of the database.

process.env.NODE_ENV = 'production';

// What clients report is stored every 5 s, counted every 10 s and announced every 5 min.
// The run would wait for that again and again, so these timers go off every 100 ms here.
const SLOW_MS = new Set([5_000, 10_000, 300_000]);
const QUICK_MS = 100;
const plainInterval = global.setInterval;
global.setInterval = (work, ms, ...rest) =>
  plainInterval(work, SLOW_MS.has(ms) ? QUICK_MS : ms, ...rest);

const unleash = require('unleash-server');

const nothing = () => {};
const logger = { debug: nothing, info: nothing, warn: nothing, error: console.error };

unleash
  .start({
    databaseUrl: process.argv[2],
    adminAuthentication: 'none',
    host: '127.0.0.1',
    port: 0,
    versionCheck: { enable: 'false' },
    getLogger: () => logger,
  })
  .then(({ server }) => console.log(server.address().port))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
