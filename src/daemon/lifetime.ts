// How long the daemon lives: as long as somebody asks, and a while longer. It ends once, for one reason.

/** Where delays come from; tests bring their own. */
export interface Timers {
  /** Calls `action` after `ms`, unless what is returned is called before. */
  after(ms: number, action: () => void): () => void;
}

/** The timers of this machine. */
export const systemTimers: Timers = {
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

/** The life of a daemon that nobody needs any more after `idleMs` without a request; without that, it goes on. */
export class Lifetime {
  readonly #idleMs: number | undefined;
  readonly #timers: Timers;
  readonly #ending = new AbortController();
  #cancelIdle = () => {};
  #inFlight = 0;
  #whenQuiet = () => {};

  constructor(idleMs: number | undefined, timers: Timers) {
    this.#idleMs = idleMs;
    this.#timers = timers;
    this.#rest();
  }

  /** Is aborted when the end begins. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** Requests that are being answered. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Takes note of a request. What is returned is called when it is answered. */
  begin(): () => void {
    this.#inFlight++;
    this.#cancelIdle();
    return () => {
      this.#inFlight--;
      if (this.#inFlight === 0) this.#rest();
    };
  }

  /** Begins the end; a second call changes nothing. */
  end(reason: string): void {
    this.#cancelIdle();
    this.#ending.abort(reason);
  }

  /** Resolves when no request is being answered any more, or after `ms`. */
  async quiet(ms: number): Promise<void> {
    if (this.#inFlight === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenQuiet = resolve;
    const cancel = this.#timers.after(ms, resolve);
    await promise;
    cancel();
  }

  #rest(): void {
    this.#whenQuiet();
    if (this.#idleMs === undefined || this.ending.aborted) return;
    this.#cancelIdle = this.#timers.after(this.#idleMs, () => this.end("nobody has asked for long"));
  }
}

/** Resolves when the end of `lifetime` begins, with the reason. */
export function ended({ ending }: Lifetime): Promise<string> {
  return new Promise((resolve) => {
    if (ending.aborted) resolve(String(ending.reason));
    else ending.addEventListener("abort", () => resolve(String(ending.reason)), { once: true });
  });
}
