// Prints what unleash-proxy-client decides for one user, before and after a change of the context.
import { UnleashClient } from 'unleash-proxy-client';

const client = new UnleashClient({
  url: `${process.env.SERVER_URL}/api/frontend`,
  clientKey: process.env.FRONTEND_TOKEN,
  appName: 'web-shop',
  refreshInterval: 0,
  metricsInterval: 0,
  metricsIntervalInitial: 0,
  usePOSTrequests: process.env.METHOD === 'POST',
  context: { userId: '7' },
});
client.on('error', (error) => {
  process.stderr.write(`${JSON.stringify(error)}\n`);
  process.exitCode = 1;
});

const told = () => ({
  aimed: client.isEnabled('aimed'),
  off: client.isEnabled('off'),
  variant: client.getVariant('coloured'),
});

await client.start();
const first = told();
await client.updateContext({ userId: '8' });
const second = told();
await client.sendMetrics();
client.stop();
process.stdout.write(JSON.stringify({ first, second }));
