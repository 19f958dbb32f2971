// Composes Flagstaff with a subgraph of its own, and sends operations to both through a gateway.
// Reads a JSON array of operations on standard input; prints { errors, hints, results } as JSON.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

import { composeServices } from "@apollo/composition";
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse } from "graphql";
import { createHandler } from "graphql-http/lib/use/http";

const { FLAGSTAFF_URL, FLAGSTAFF_TOKEN } = process.env;

const TEAMS = parse(`
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@shareable"])
  type Query { teams: [Team!]! }
  type Team { name: String! toggles: [Toggle]! others: [Thing]! }
  union Thing = Application | Environment | Strategy | Segment | Project
  type Toggle @key(fields: "name") { name: String! team: Team }
  type Application @key(fields: "name") { name: String! team: Team }
  type Environment @key(fields: "id") { id: ID! team: Team }
  type Strategy @key(fields: "name") { name: String! team: Team }
  type Segment @key(fields: "name") { name: String! team: Team }
  type Project @key(fields: "name") { name: String! team: Team }
  type PageInfo @shareable {
    hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
  }
`);

const team = {
  name: "payments",
  toggles: [{ name: "checkout" }, { name: "nobody-knows" }, { name: "checkout" }],
  others: [
    { __typename: "Application", name: "shop" },
    { __typename: "Environment", id: Buffer.from("Environment:default").toString("base64") },
    { __typename: "Strategy", name: "flexibleRollout" },
    { __typename: "Segment", name: "beta testers" },
    { __typename: "Project", name: "default" },
  ],
};
const owned = { team: () => team };
const teams = buildSubgraphSchema({
  typeDefs: TEAMS,
  resolvers: {
    Query: { teams: () => [team] },
    Toggle: owned,
    Application: owned,
    Environment: owned,
    Strategy: owned,
    Segment: owned,
    Project: owned,
  },
});

async function serve(schema) {
  const server = createServer(createHandler({ schema }));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

async function sdlOf(url) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: FLAGSTAFF_TOKEN },
    body: JSON.stringify({ query: "{ _service { sdl } }" }),
  });
  return (await response.json()).data._service.sdl;
}

class WithToken extends RemoteGraphQLDataSource {
  willSendRequest({ request }) {
    request.http.headers.set("authorization", FLAGSTAFF_TOKEN);
  }
}

const operations = JSON.parse(await text(process.stdin));
const server = await serve(teams);
const composed = composeServices([
  { name: "flagstaff", url: FLAGSTAFF_URL, typeDefs: parse(await sdlOf(FLAGSTAFF_URL)) },
  { name: "teams", url: `http://127.0.0.1:${server.address().port}/`, typeDefs: TEAMS },
]);
const errors = (composed.errors ?? []).map((error) => error.message);
const results = [];
if (composed.supergraphSdl) {
  const gateway = new ApolloGateway({
    supergraphSdl: composed.supergraphSdl,
    buildService: ({ url }) => new WithToken({ url }),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const { executor } = await gateway.load();
  for (const [number, query] of operations.entries()) {
    results.push(
      await executor({
        document: parse(query),
        queryHash: String(number),
        request: { query, variables: {} },
        context: {},
        metrics: {},
      }),
    );
  }
  await gateway.stop();
}
server.close();
const hints = (composed.hints ?? []).map((hint) => hint.message);
process.stdout.write(JSON.stringify({ errors, hints, results }));
