// Follows one toggle with unleash-client: prints each state it has, one JSON document a line, with
// the time in milliseconds, until its standard input ends.
import { once } from 'node:events';
import { initialize } from 'unleash-client';

const unleash = initialize({
  url: `${process.env.SERVER_URL}/api`,
  appName: 'node-follower',
  instanceId: 'node-2',
  refreshInterval: Number(process.env.REFRESH_MS),
  disableMetrics: true,
  experimentalMode: JSON.parse(process.env.MODE),
  customHeaders: { Authorization: process.env.CLIENT_TOKEN },
});

let last;
const tell = () => {
  const enabled = unleash.isEnabled(process.env.TOGGLE);
  if (enabled === last) return;
  last = enabled;
  process.stdout.write(`${JSON.stringify({ enabled, at: Date.now() })}\n`);
};

unleash.on('error', (error) => process.stderr.write(`${error}\n`));
unleash.on('synchronized', tell);
unleash.on('changed', tell);
process.stdin.resume();
await once(process.stdin, 'end');
unleash.destroy();
process.exit(0);
