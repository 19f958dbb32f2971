import { address } from "./requests.js";

const DEADLINE_MS = 15_000;
const MAX_SHOWN = 200_000;

// The server did not answer.
export class UnreachableError extends Error {}

// The server does not accept the admin token.
export class SignedOutError extends Error {}

// Sends requests with the tokens of a run. Tokens are sent in a header only.
export class Client {
  #tokens;

  constructor(server, tokens) {
    this.server = server;
    this.#tokens = tokens;
  }

  // Send a request; the answer has its status, headers, text, and body (undefined if not JSON).
  async send(request) {
    const response = await this.#fetch(request, AbortSignal.timeout(DEADLINE_MS));
    let text;
    try {
      text = await response.text();
    } catch (error) {
      throw unreachable(error);
    }
    return { ...head(response), text: text.slice(0, MAX_SHOWN), body: parsed(text) };
  }

  // Open a stream of server-sent events.
  async open(request) {
    const controller = new AbortController();
    const late = setTimeout(() => controller.abort(), DEADLINE_MS);
    const response = await this.#fetch(request, controller.signal);
    clearTimeout(late);
    if (!response.ok) {
      const text = await response.text();
      controller.abort();
      return { answer: { ...head(response), text, body: parsed(text) } };
    }
    return {
      answer: { ...head(response), text: "", body: undefined },
      stream: new EventStream(response.body, controller),
    };
  }

  async #fetch(request, signal) {
    const headers = { ...request.headers };
    const token = this.#tokens[request.as];
    if (token) headers.Authorization = token;
    let response;
    try {
      response = await fetch(address(request, this.server), {
        method: request.method,
        headers,
        body: request.body ?? undefined,
        credentials: "omit",
        cache: "no-store",
        signal,
      });
    } catch (error) {
      throw unreachable(error);
    }
    if (response.status === 401 && request.as === "admin") {
      throw new SignedOutError("The server does not accept the admin token any more.");
    }
    return response;
  }
}

// Server-sent events, one at a time.
export class EventStream {
  #reader;
  #controller;
  #text = "";

  constructor(body, controller) {
    this.#reader = body.pipeThrough(new TextDecoderStream()).getReader();
    this.#controller = controller;
  }

  // The next event, with `event` and `data`; null if no event arrives in time.
  async next(timeout_ms = DEADLINE_MS) {
    const deadline = Date.now() + timeout_ms;
    for (;;) {
      const found = this.#take();
      if (found) return found;
      const remaining = deadline - Date.now();
      if (remaining <= 0) return null;
      const part = await this.#read(remaining);
      if (!part || part.done) return null;
      this.#text += part.value;
    }
  }

  close() {
    this.#controller.abort();
  }

  #pending = null;

  async #read(timeout_ms) {
    this.#pending ??= this.#reader.read().catch(() => ({ done: true }));
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve(null), timeout_ms);
    });
    const part = await Promise.race([this.#pending, late]);
    clearTimeout(timer);
    if (part) this.#pending = null;
    return part;
  }

  #take() {
    for (;;) {
      const end = /\r?\n\r?\n/.exec(this.#text);
      if (!end) return null;
      const block = this.#text.slice(0, end.index);
      this.#text = this.#text.slice(end.index + end[0].length);
      const fields = block.split(/\r?\n/).map((line) => line.split(/: ?(.*)/s));
      const data = fields.filter(([name]) => name === "data").map(([, value]) => value);
      if (!data.length) continue;
      const event = fields.findLast(([name]) => name === "event")?.[1] ?? "message";
      return { event, data: data.join("\n") };
    }
  }
}

function head(response) {
  return { status: response.status, headers: Object.fromEntries(response.headers) };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable(error) {
  const late = error.name === "TimeoutError";
  return new UnreachableError(
    late ? "The server did not answer within 15 seconds." : "The server does not answer. Is it running?",
  );
}
