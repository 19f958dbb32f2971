// Follows the audit log with each client at once, leaving and coming back in the middle. Tells when
// all of them listen, and in the end what each has heard.
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const { SERVER_URL, ADMIN_TOKEN, AFTER } = process.env;
const PATIENCE_MS = 30_000;
const first = Number(process.env.FIRST);
const total = Number(process.env.TOTAL);
const url = `${SERVER_URL}/graphql`;
const headers = { authorization: ADMIN_TOKEN };
const query = `
  subscription Follow($after: String) {
    events(filter: { types: [STRATEGY_CREATED] }, after: $after) {
      cursor
      node { number subjectName }
    }
  }`;

const newWsClient = () =>
  createWsClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: headers,
    retryAttempts: 0,
  });

// A client's way to subscribe: calls `take` for each edge; what it returns ends the subscription.
const ways = {
  'graphql-ws': (variables, take) => {
    const client = newWsClient();
    client.subscribe({ query, variables }, { next: (it) => take(it.data.events), error: fail, complete() {} });
    return () => client.dispose();
  },
  'graphql-sse': (variables, take) => {
    const client = createSseClient({ url, headers, retryAttempts: 0 });
    client.subscribe({ query, variables }, { next: (it) => take(it.data.events), error: fail, complete() {} });
    return () => client.dispose();
  },
  'apollo over WebSocket': (variables, take) =>
    withApollo(new GraphQLWsLink(newWsClient()), variables, take),
  'apollo over multipart': (variables, take) =>
    withApollo(new HttpLink({ uri: url, headers }), variables, take),
};

function withApollo(link, variables, take) {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const subscription = client.subscribe({ query: gql(query), variables }).subscribe({
    next: (it) => (it.error ? fail(it.error) : take(it.data.events)),
    error: fail,
  });
  return () => {
    subscription.unsubscribe();
    client.stop();
  };
}

function fail(error) {
  console.error(error);
  process.exit(1);
}

// The edges after a cursor, so many unless there are no more; `begun` is called with the first.
function follow(subscribe, after, count, begun = () => {}) {
  return new Promise((resolve) => {
    const seen = [];
    const leave = subscribe({ after }, (edge) => {
      if (seen.length === count) return;
      if (seen.length === 0) begun();
      seen.push(edge);
      if (seen.length === count) end();
      else patience.refresh();
    });
    const end = () => {
      clearTimeout(patience);
      leave();
      resolve(seen);
    };
    const patience = setTimeout(end, PATIENCE_MS);
  });
}

const seen = {};
let deaf = Object.keys(ways).length;
await Promise.all(
  Object.entries(ways).map(async ([name, subscribe]) => {
    const before = await follow(subscribe, AFTER, first, () => {
      deaf -= 1;
      if (deaf === 0) console.log('listening');
    });
    const rest = await follow(subscribe, before.at(-1)?.cursor, total - first);
    seen[name] = [...before, ...rest].map((edge) => edge.node.subjectName);
  }),
);
console.log(JSON.stringify(seen));
process.exit(0);
