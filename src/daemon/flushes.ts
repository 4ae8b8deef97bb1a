import { Debounce } from "./debounce.ts";
import type { Lifetime, Timers } from "./lifetime.ts";
import type { SyncRequest } from "./protocol.ts";

/** What projections in the background are made with. */
export interface FlushSetup {
  /** Projects a place as it is now. */
  flush(request: SyncRequest): Promise<void>;
  readonly lifetime: Lifetime;
  readonly timers: Timers;
  nowMs(): number;
}

/** Has places projected some time after the last time that it was asked for, one projection of a place at a time. */
export class Flushes {
  readonly #setup: FlushSetup;
  readonly #debounce: Debounce;
  /** Places that are being projected, and what was asked for meanwhile. */
  readonly #running = new Map<string, SyncRequest | undefined>();
  readonly #waiting = new Map<string, () => void>();

  constructor(setup: FlushSetup) {
    this.#setup = setup;
    this.#debounce = new Debounce(setup.timers, setup.nowMs);
    // What waits is not lost with the daemon: its end gives what it has begun some time.
    setup.lifetime.ending.addEventListener("abort", () => this.#debounce.hurry());
  }

  /** Has a place projected `afterMs` after the last request for it. The daemon goes on until that is done. */
  want(request: SyncRequest): void {
    const key = `${request.scope} ${request.root}`;
    if (!this.#waiting.has(key)) this.#waiting.set(key, this.#setup.lifetime.begin());
    this.#debounce.want(key, request.afterMs, () => {
      const isDone = this.#waiting.get(key);
      this.#waiting.delete(key);
      this.#flush(key, request).finally(isDone);
    });
  }

  async #flush(key: string, request: SyncRequest): Promise<void> {
    const isRunning = this.#running.has(key);
    this.#running.set(key, isRunning ? request : undefined);
    if (isRunning) return;
    try {
      for (let next: SyncRequest | undefined = request; next !== undefined; next = this.#running.get(key)) {
        this.#running.set(key, undefined);
        await this.#setup.flush(next);
      }
    } finally {
      this.#running.delete(key);
    }
  }
}
