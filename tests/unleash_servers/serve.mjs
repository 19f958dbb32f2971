// Serves Unleash on the loopback interface: node serve.mjs DATABASE_URL PORT AUTHENTICATION
// Prints a line when it answers.
import * as unleash from "unleash-server";

const nothing = () => {};
const logger = { debug: nothing, info: nothing, warn: nothing, error: console.error, fatal: console.error };
const [databaseUrl, port, authentication] = process.argv.slice(2);

// Versions 3.x have other options, and need no tokens without authentication.
const options =
  authentication === "none"
    ? { host: "127.0.0.1", port: Number(port), adminAuthentication: "none" }
    : { db: { ssl: false }, server: { host: "127.0.0.1", port: Number(port) }, telemetry: false };
await (unleash.start ?? unleash.default.start)({
  databaseUrl,
  versionCheck: { enable: false },
  getLogger: () => logger,
  ...options,
});
console.log("ready");
