// Drives unleash-client for a test: one JSON command a line on standard input, one JSON answer a line
// on standard output.
import { createInterface } from 'node:readline';
import { initialize } from 'unleash-client';

const unleash = initialize({
  url: `${process.env.SERVER_URL}/api`,
  appName: 'node-shop',
  instanceId: 'node-1',
  refreshInterval: 200,
  metricsInterval: 300,
  metricsJitter: 0,
  disableMetrics: false,
  customHeaders: { Authorization: process.env.CLIENT_TOKEN },
});

const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

unleash.on('error', (error) => answer({ error: String(error) }));
unleash.on('warn', (warning) => process.stderr.write(`${warning}\n`));
unleash.on('synchronized', () => answer({ ready: true }));

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { command, toggle, context } = JSON.parse(line);
    if (command === 'isEnabled') answer(unleash.isEnabled(toggle, context));
    if (command === 'getVariant') answer(unleash.getVariant(toggle, context));
  })
  .on('close', () => {
    unleash.destroy();
    process.exit(0);
  });
