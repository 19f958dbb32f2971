// The connection to the API. No other module imports urql, so that another client can replace it.
import { Client, fetchExchange, stringifyDocument, subscriptionExchange } from "@urql/core";
import type { AnyVariables, CombinedError, TypedDocumentNode } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { CloseCode, createClient as createSocket } from "graphql-ws";
import type { Client as Socket } from "graphql-ws";
import { Provider, useQuery as useUrqlQuery, useSubscription } from "urql";
import type { UseQueryArgs, UseQueryState, UseSubscriptionArgs } from "urql";
import { createContext, createElement, use, useCallback, useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

import { API, socketAddress } from "./base.ts";
import { subscribeResuming } from "./resuming.ts";
import { createSignal } from "./signal.ts";
import type { Signal } from "./signal.ts";
import type { Operation } from "./operation.ts";
import possibleTypes from "../gql/possibleTypes.ts";

/** Whether changes arrive: `live`, or `waiting` while the server does not answer. */
export type Liveness = "connecting" | "live" | "waiting";

/** The state of a query, with the newest data even if a later request failed. */
export interface Answer<Data> {
  data: Data | undefined;
  problem: string | undefined;
  loading: boolean;
  again: () => void;
}

export interface Connection {
  client: Client;
  liveness: Signal<Liveness>;
  /** The number of times that the server answered again after an outage. */
  reconnections: Signal<number>;
  /** Start to receive changes. */
  listen: () => void;
  close: () => void;
}

const ACCEPT = "application/graphql-response+json, application/json";
const REFUSED: readonly number[] = [CloseCode.Unauthorized, CloseCode.Forbidden];
const LONGEST_WAIT_MS = 5_000;
const PING_MS = 10_000;
const PONG_MS = 5_000;

/** Connect with a token, which may be empty. If the server refuses the token, call `onRefused`. */
export function connect(token: string, onRefused: (reason: string) => void): Connection {
  const liveness = createSignal<Liveness>("connecting");
  const reconnections = createSignal(0);
  let socket: Socket | undefined;
  let isOpen = false;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;

  function becomeLive() {
    const wasWaiting = liveness.get() === "waiting";
    liveness.set("live");
    // While the server did not answer, queries may have failed and changes may have been missed.
    if (wasWaiting) reconnections.set(reconnections.get() + 1);
  }

  // The socket may still be open after an outage. A query finds out whether the server answers.
  const onOnline = () => reconnections.set(reconnections.get() + 1);

  const client = new Client({
    url: API.href,
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetchOptions: () => ({
      credentials: "omit",
      headers: { Accept: ACCEPT, ...(token ? { Authorization: token } : {}) },
    }),
    fetch: async (address, options) => {
      try {
        const response = await fetch(address, options);
        if (response.status === 401) onRefused("The server does not accept this token.");
        if (isOpen) becomeLive();
        return response;
      } catch (error) {
        if (!options?.signal?.aborted) liveness.set("waiting");
        throw error;
      }
    },
    exchanges: [
      // Objects with an `id` are stored once under their ID. All other objects are stored in their parents.
      cacheExchange({ possibleTypes: possibleTypes.possibleTypes }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: subscribeResuming(openSocket().subscribe, { query: query ?? "", variables }, sink),
          }),
        }),
      }),
    ],
  });

  function openSocket(): Socket {
    socket ??= createSocket({
      url: socketAddress(),
      connectionParams: token ? { authorization: token } : {},
      lazy: false,
      keepAlive: PING_MS,
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: () => true,
      retryWait: (attempt) => wait(Math.min(LONGEST_WAIT_MS, 250 * 2 ** attempt)),
      onNonLazyError: () => liveness.set("waiting"),
      on: {
        connected: () => {
          isOpen = true;
          becomeLive();
        },
        // If the server disappears, the connection stays open but does not answer.
        ping: (isReceived) => {
          if (!isReceived) pongTimer = setTimeout(() => socket?.terminate(), PONG_MS);
        },
        pong: (isReceived) => {
          if (!isReceived) return;
          clearTimeout(pongTimer);
          becomeLive();
        },
        closed: (event) => {
          isOpen = false;
          clearTimeout(pongTimer);
          const { code, reason } = event as CloseEvent;
          if (REFUSED.includes(code)) onRefused(reason || "The server does not accept this token.");
          else liveness.set("waiting");
        },
      },
    });
    return socket;
  }

  return {
    client,
    liveness,
    reconnections,
    listen: () => {
      openSocket();
      window.addEventListener("online", onOnline);
    },
    close: () => {
      window.removeEventListener("online", onOnline);
      void socket?.dispose();
    },
  };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

const ConnectionContext = createContext<Connection | undefined>(undefined);

/** Provides a connection to the API to the components below. */
export function ConnectionProvider({ value, children }: { value: Connection; children: ReactNode }) {
  const inner = createElement(Provider, { value: value.client }, children);
  return createElement(ConnectionContext, { value }, inner);
}

export function useConnection(): Connection {
  const connection = use(ConnectionContext);
  if (!connection) throw new Error("There is no connection outside of ConnectionProvider.");
  return connection;
}

/** Return the sentence to show for an error. */
export function sentenceOf(error: CombinedError): string {
  if (error.networkError) return "The server does not answer.";
  return error.graphQLErrors[0]?.message ?? error.message;
}

/** The failure of an operation; the message is the sentence to show. */
export class OperationError extends Error {
  /** Whether the server stopped the operation because it took too long. */
  readonly isTooSlow: boolean;

  constructor(cause: CombinedError) {
    super(sentenceOf(cause), { cause });
    this.isTooSlow = cause.graphQLErrors.some(({ extensions }) => extensions["code"] === "TIMEOUT");
  }
}

/** Run an operation once; throws an `OperationError`. */
export async function ask<Data, Variables extends AnyVariables>(
  { client }: Connection,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const result = isMutation(document)
    ? await client.mutation(document, variables).toPromise()
    : await client.query(document, variables, { requestPolicy: "network-only" }).toPromise();
  if (result.error) throw new OperationError(result.error);
  return result.data as Data;
}

function isMutation(document: TypedDocumentNode<unknown, never>): boolean {
  return document.definitions.some(
    (definition) => definition.kind === "OperationDefinition" && definition.operation === "mutation",
  );
}

export type Ask = <Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

/** Return a function that runs an operation once, like `ask`. */
export function useAsk(): Ask {
  const connection = useConnection();
  return useCallback<Ask>((document, variables) => ask(connection, document, variables), [connection]);
}

/**
 * Run a query. When the server answers after an outage, run the query again. While another answer is loading
 * and after an error, the data of the last answer remain.
 */
export function useQuery<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Answer<Data> {
  const { reconnections } = useConnection();
  const [result, execute] = useUrqlQuery({ query: document, variables } as UseQueryArgs<Variables, Data>);
  const [last, setLast] = useState(result.data);
  if (result.data && result.data !== last) setLast(result.data);
  const problem = useProblem(result);
  useEffect(() => {
    const query = { document, variables };
    active.add(query);
    return () => void active.delete(query);
  }, [document, variables]);
  const again = useCallback(() => execute({ requestPolicy: "network-only" }), [execute]);
  useEffect(() => reconnections.subscribe(again), [reconnections, again]);
  return {
    data: result.data ?? last,
    problem,
    loading: result.fetching || result.stale,
    again,
  };
}

// The queries whose answers the page shows.
const active = new Set<{ document: TypedDocumentNode<unknown, never>; variables: unknown }>();

/** Return the queries whose answers the page shows, with their names. */
export function activeQueries(): (Operation & { name: string })[] {
  const queries = [...active].map(({ document, variables }) => {
    const query = textOf(document);
    return { name: /^query (\w+)/.exec(query)?.[1] ?? "", query, variables };
  });
  return [...new Map(queries.map((query) => [query.name, query])).values()];
}

// When other answers change the cache, the cache repeats the results of queries without their errors. Therefore an
// error remains until the server answers the query itself.
function useProblem({ operation, error, fetching }: UseQueryState): string | undefined {
  const [last, setLast] = useState<{ key: number | undefined; problem: string | undefined }>();
  const key = operation?.key;
  const outcome = operation?.context.meta?.cacheOutcome;
  const isRepeated = fetching || outcome === "hit" || outcome === "partial";
  const before = last?.key === key ? last?.problem : undefined;
  const problem = error ? sentenceOf(error) : isRepeated ? before : undefined;
  if (last?.key !== key || last?.problem !== problem) setLast({ key, problem });
  return problem;
}

/**
 * Subscribe while the component is mounted; the cache stores the objects of each result. If the operation has
 * the variable `after` and selects `cursor`, it continues after the last result when the connection returns.
 */
export function useLive<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  onResult: (data: Data) => void,
): void {
  const handler = useRef(onResult);
  useEffect(() => {
    handler.current = onResult;
  });
  const options = { query: document, variables } as UseSubscriptionArgs<Variables, Data>;
  useSubscription<Data, undefined, Variables>(options, (_previous, data) => {
    handler.current(data);
    return undefined;
  });
}

/** Return the text of an operation, which users can copy. */
export function textOf(document: TypedDocumentNode<unknown, never>): string {
  return stringifyDocument(document);
}
