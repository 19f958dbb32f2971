// Serves Unleash Proxy in front of a server, and prints what unleash-proxy-client decides through the Proxy.
// Runs until it is terminated, because the Proxy reports usage from time to time.
import { setTimeout } from 'node:timers/promises';
import proxy from '@unleash/proxy';
import { UnleashClient } from 'unleash-proxy-client';

const CLIENT_KEY = 'key-of-the-frontend';
const ATTEMPTS = 600;

const app = proxy.createApp({
  unleashUrl: `${process.env.SERVER_URL}/api`,
  unleashApiToken: process.env.CLIENT_TOKEN,
  unleashAppName: process.env.APP_NAME,
  clientKeys: [CLIENT_KEY],
  refreshInterval: 1_000,
  metricsInterval: 500,
  logLevel: 'error',
});
const listener = app.listen(0, '127.0.0.1');
await new Promise((resolve) => listener.once('listening', resolve));
const url = `http://127.0.0.1:${listener.address().port}/proxy`;

// Until the Proxy has loaded the toggles, it is not healthy.
for (let attempt = 0; !(await fetch(`${url}/health`)).ok; attempt += 1) {
  if (attempt === ATTEMPTS) throw new Error('the Proxy did not load the toggles');
  await setTimeout(100);
}

const client = new UnleashClient({
  url,
  clientKey: CLIENT_KEY,
  appName: 'web-shop',
  refreshInterval: 0,
  metricsInterval: 0,
  metricsIntervalInitial: 0,
  context: { userId: '7' },
});
client.on('error', (error) => {
  throw error;
});
await client.start();
const decisions = () => ({
  aimed: client.isEnabled('aimed'),
  off: client.isEnabled('off'),
  variant: client.getVariant('coloured').name,
});
const first = decisions();
await client.updateContext({ userId: '8' });
const second = decisions();
await client.sendMetrics();
client.stop();
process.stdout.write(`${JSON.stringify({ first, second })}\n`);
