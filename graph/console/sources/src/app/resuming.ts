// Subscriptions that continue after the last result that the page received.

interface Payload {
  query: string;
  variables?: Record<string, unknown> | null | undefined;
}

interface Sink<Result> {
  next: (result: Result) => void;
  error: (error: unknown) => void;
  complete: () => void;
}

type Subscribe<Result> = (payload: Payload, sink: Sink<Result>) => () => void;

/**
 * Subscribe to an operation. If it has the variable `after`, each result sets the variable to its cursor. A
 * socket that connects again sends the payload again, so that the server first sends the missed results. If
 * the server refuses a cursor, for example after a restore from a backup, only new results follow.
 */
export function subscribeResuming<Result extends { data?: unknown }>(
  subscribe: Subscribe<Result>,
  payload: Payload,
  sink: Sink<Result>,
): () => void {
  const variables: Record<string, unknown> = { ...payload.variables };
  const canResume = /\$after\b/.test(payload.query);
  let stop = start();

  function start(): () => void {
    return subscribe({ query: payload.query, variables }, { ...sink, next, error });
  }

  function next(result: Result) {
    const cursor = cursorOf(result.data);
    if (canResume && cursor !== undefined) variables["after"] = cursor;
    sink.next(result);
  }

  function error(reason: unknown) {
    if (!canResume || variables["after"] == null) {
      sink.error(reason);
      return;
    }
    variables["after"] = null;
    stop = start();
  }

  return () => stop();
}

/** Return the cursor of the only field of a result, if it has one. */
function cursorOf(data: unknown): string | undefined {
  const [value] = Object.values((data ?? {}) as Record<string, { cursor?: unknown } | null>);
  return typeof value?.cursor === "string" ? value.cursor : undefined;
}
