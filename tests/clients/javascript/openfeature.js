// Prints what OpenFeature's remote provider evaluates, with reasons.
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';

const provider = new OFREPProvider({
  baseUrl: process.env.SERVER_URL,
  headers: [['Authorization', `Bearer ${process.env.FRONTEND_TOKEN}`]],
});
await OpenFeature.setProviderAndWait(provider);
const client = OpenFeature.getClient();
const user = { targetingKey: '7' };

const { value, reason, variant } = await client.getObjectDetails('coloured', {}, user);
const unknown = await client.getBooleanDetails('nothing', true, user);
process.stdout.write(
  JSON.stringify({
    aimed: await client.getBooleanValue('aimed', false, user),
    other: await client.getBooleanValue('aimed', true, { targetingKey: '8' }),
    coloured: { value, reason, variant },
    unknown: [unknown.value, unknown.errorCode],
  }),
);
await OpenFeature.close();
