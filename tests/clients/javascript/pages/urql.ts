// The list page on urql with Graphcache.
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import {
  SwitchToggleDocument,
  ToggleListPageDocument,
  type ToggleListPageQuery,
} from './generated/graphql.js';
import { countingFetch, headers, refusals, run, toggle, url, variables } from './page.js';
import { introspection, withoutId } from './schema.js';

const client = new Client({
  url,
  fetch: countingFetch,
  fetchOptions: { headers },
  exchanges: [
    cacheExchange({
      schema: introspection,
      keys: Object.fromEntries(withoutId.map((name) => [name, () => null])),
    }),
    fetchExchange,
  ],
});
let shown: ToggleListPageQuery | undefined;

await run({
  open: () =>
    new Promise((resolve, reject) => {
      client.query(ToggleListPageDocument, variables).subscribe((result) => {
        if (result.error) reject(result.error);
        if (!result.data) return;
        shown = result.data;
        resolve();
      });
    }),
  list: () => shown,
  async move(enabled, expectedRevision) {
    const input = { name: toggle, enabled, expectedRevision };
    const outcome = await client.mutation(SwitchToggleDocument, { input }).toPromise();
    if (outcome.error) throw outcome.error;
    return refusals(outcome.data);
  },
});
