// One SDK of an application: asks for a toggle ten times a second and reports what it counted.
// Prints one JSON document a line: its state when it changes, each error, and, once a line has come
// in on standard input, how often it asked; after a second one it ends.
import { createInterface } from 'node:readline';

const { initialize } = await import(process.env.PACKAGE);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const unleash = initialize({
  url: `${process.env.SERVER_URL}/api`,
  appName: process.env.APP_NAME,
  instanceId: process.env.INSTANCE_ID,
  refreshInterval: 1000,
  metricsInterval: 2000,
  disableMetrics: false,
  customHeaders: { Authorization: process.env.CLIENT_TOKEN },
});

let asked = 0;
let last;
const ask = () => {
  const enabled = unleash.isEnabled(process.env.TOGGLE);
  asked += 1;
  if (enabled !== last) say({ enabled });
  last = enabled;
};

let asking;
unleash.on('error', (error) => say({ error: String(error) }));
unleash.on('warn', (warning) => say({ warning: String(warning) }));
unleash.once('synchronized', () => {
  say({ ready: true });
  asking = setInterval(ask, 100);
});

let lines = 0;
createInterface({ input: process.stdin }).on('line', () => {
  lines += 1;
  if (lines === 1) {
    clearInterval(asking);
    say({ asked });
  } else {
    unleash.destroy();
    process.exit(0);
  }
});
