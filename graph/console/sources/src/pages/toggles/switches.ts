/** How a switch deviates from what the server last reported. */
export interface SwitchState {
  /** The position that the person chose last. */
  wish?: boolean;
  /** When the wish is sent, in milliseconds; until then it can be taken back. */
  sentAt?: number;
  /** Why the last wish was not fulfilled. */
  failure?: string;
}

export type Send = (id: string, on: boolean) => Promise<void>;

interface Entry extends SwitchState {
  timer?: ReturnType<typeof setTimeout>;
  isSending: boolean;
}

const UNTOUCHED: SwitchState = {};
const FAILURE_SHOWN_MS = 10_000;

/**
 * The switches that people have moved. Each switch has at most one request under way; after the
 * answer, the latest wish is sent if it differs from the request. If a request fails, the switch
 * returns to what the server reported.
 */
export class Switches {
  readonly #send: Send;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();

  constructor(send: Send) {
    this.#send = send;
  }

  readonly stateOf = (id: string): SwitchState => this.#entries.get(id) ?? UNTOUCHED;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Whether a wish has not been sent or answered yet. */
  get isBusy(): boolean {
    return [...this.#entries.values()].some(({ wish }) => wish !== undefined);
  }

  /** Move a switch, which is reported as `reported`, after `delayMs` in which it can be undone. */
  move(id: string, reported: boolean, on: boolean, delayMs: number): void {
    const before = this.#entries.get(id);
    if (before?.isSending) {
      this.#set(id, { ...before, wish: on });
      return;
    }
    clearTimeout(before?.timer);
    if (on === reported) this.#set(id, undefined);
    else if (delayMs === 0) void this.#fulfil(id, on);
    else {
      const timer = setTimeout(() => void this.#fulfil(id, on), delayMs);
      this.#set(id, { wish: on, sentAt: Date.now() + delayMs, timer, isSending: false });
    }
  }

  async #fulfil(id: string, on: boolean): Promise<void> {
    this.#set(id, { wish: on, isSending: true });
    try {
      await this.#send(id, on);
    } catch (error) {
      this.#fail(id, (error as Error).message);
      return;
    }
    const wish = this.#entries.get(id)?.wish;
    if (wish !== undefined && wish !== on) {
      await this.#fulfil(id, wish);
      return;
    }
    // The page gets the answer from the cache in the same turn.
    setTimeout(() => this.#set(id, undefined), 0);
  }

  #fail(id: string, failure: string): void {
    const timer = setTimeout(() => this.#set(id, undefined), FAILURE_SHOWN_MS);
    this.#set(id, { failure, timer, isSending: false });
  }

  #set(id: string, entry: Entry | undefined): void {
    if (entry) this.#entries.set(id, entry);
    else this.#entries.delete(id);
    for (const listener of this.#listeners) listener();
  }
}
