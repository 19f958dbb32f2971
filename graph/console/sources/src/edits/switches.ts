/** The difference between a switch and its position on the server. */
export interface SwitchState {
  /** The position that the user chose last. */
  wish?: boolean;
  /** The time at which the wish is sent, in milliseconds. Before this time, the user can undo the wish. */
  sentAt?: number;
  /** The position that the server has just confirmed, if the wish could be undone before. */
  confirmed?: boolean;
  /** The reason why the last request failed. */
  failure?: string;
}

export type Send = (id: string, on: boolean) => Promise<void>;

interface Entry extends SwitchState {
  timer?: ReturnType<typeof setTimeout>;
  isSending: boolean;
}

const UNTOUCHED: SwitchState = {};
const FAILURE_SHOWN_MS = 10_000;
const CONFIRMED_SHOWN_MS = 5_000;

/**
 * The switches that the user has moved. Each switch has at most one running request. If the latest wish
 * differs from the request, the wish is sent after the answer. If a request fails, the switch returns to the
 * position that the server reported.
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

  /** Whether any wish has not been answered yet. */
  get isBusy(): boolean {
    return [...this.#entries.values()].some(({ wish }) => wish !== undefined);
  }

  /** Move a switch from its position on the server, `reported`. Before `delayMs`, nothing is sent. */
  move(id: string, reported: boolean, on: boolean, delayMs: number): void {
    const before = this.#entries.get(id);
    if (before?.isSending) {
      this.#set(id, { ...before, wish: on });
      return;
    }
    clearTimeout(before?.timer);
    if (on === reported) this.#set(id, undefined);
    else if (delayMs === 0) void this.#fulfil(id, on, false);
    else {
      const timer = setTimeout(() => void this.#fulfil(id, on, true), delayMs);
      this.#set(id, { wish: on, sentAt: Date.now() + delayMs, timer, isSending: false });
    }
  }

  async #fulfil(id: string, on: boolean, wasDelayed: boolean): Promise<void> {
    this.#set(id, { wish: on, isSending: true });
    try {
      await this.#send(id, on);
    } catch (error) {
      this.#report(id, { failure: (error as Error).message }, FAILURE_SHOWN_MS);
      return;
    }
    const wish = this.#entries.get(id)?.wish;
    if (wish !== undefined && wish !== on) {
      await this.#fulfil(id, wish, wasDelayed);
      return;
    }
    // Before this timer ends, the page has received the new position from the cache.
    setTimeout(() => {
      if (wasDelayed) this.#report(id, { confirmed: on }, CONFIRMED_SHOWN_MS);
      else this.#set(id, undefined);
    }, 0);
  }

  #report(id: string, state: SwitchState, shownMs: number): void {
    const timer = setTimeout(() => this.#set(id, undefined), shownMs);
    this.#set(id, { ...state, timer, isSending: false });
  }

  #set(id: string, entry: Entry | undefined): void {
    if (entry) this.#entries.set(id, entry);
    else this.#entries.delete(id);
    for (const listener of this.#listeners) listener();
  }
}
