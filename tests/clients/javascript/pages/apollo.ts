// The list page on Apollo Client.
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import {
  SwitchToggleDocument,
  ToggleListPageDocument,
  type ToggleListPageQuery,
} from './generated/graphql.js';
import { countingFetch, headers, refusals, run, toggle, url, variables } from './page.js';
import { possibleTypes } from './schema.js';

const client = new ApolloClient({
  link: new HttpLink({ uri: url, headers, fetch: countingFetch }),
  cache: new InMemoryCache({ possibleTypes }),
});
const page = client.watchQuery({ query: ToggleListPageDocument, variables });
let shown: ToggleListPageQuery | undefined;

await run({
  open: () =>
    new Promise((resolve, reject) => {
      page.subscribe((result) => {
        if (result.error) reject(result.error);
        if (result.dataState !== 'complete') return;
        shown = result.data;
        resolve();
      });
    }),
  list: () => shown,
  async move(enabled, expectedRevision) {
    const outcome = await client.mutate({
      mutation: SwitchToggleDocument,
      variables: { input: { name: toggle, enabled, expectedRevision } },
    });
    return refusals(outcome.data);
  },
});
client.stop();
