// Automatic persisted queries on Apollo Client: what goes over the wire, request by request.
import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { ToggleListPageDocument } from './generated/graphql.js';
import { headers, url, variables } from './page.js';
import { possibleTypes } from './schema.js';

interface Exchange {
  method: string;
  sentText: boolean;
  status: number;
}

/** Asks for the list with a client that knows nothing yet; what it sent, and whether it worked. */
async function ask(accept?: string): Promise<{ exchanges: Exchange[]; shown: boolean }> {
  const exchanges: Exchange[] = [];
  const observed: typeof fetch = async (input, init) => {
    const method = init?.method ?? 'GET';
    const response = await fetch(input, init);
    const sent = method === 'GET' ? new URL(String(input)).search : String(init?.body);
    exchanges.push({ method, sentText: sent.includes('ToggleListPage('), status: response.status });
    return response;
  };
  const client = new ApolloClient({
    link: ApolloLink.from([
      new PersistedQueryLink({
        sha256: (text) => createHash('sha256').update(text).digest('hex'),
        useGETForHashedQueries: true,
      }),
      new HttpLink({
        uri: url,
        headers: accept === undefined ? headers : { ...headers, accept },
        fetch: observed,
      }),
    ]),
    cache: new InMemoryCache({ possibleTypes }),
  });
  const result = await client.query({ query: ToggleListPageDocument, variables });
  client.stop();
  return { exchanges, shown: result.data !== undefined };
}

const first = await ask();
const second = await ask();
const plain = await ask('application/json');
console.log(JSON.stringify({ first, second, plain }));
