import type { Timers } from "./lifetime.ts";

/** How many times as long as it may be put off once, something may be put off in all. */
const putOffsMax = 10;

/** What waits for its time. */
interface Waiting {
  readonly sinceMs: number;
  cancel(): void;
  act(): void;
}

/** Does things some time after they were wanted last, each once however often that was. */
export class Debounce {
  readonly #timers: Timers;
  readonly #nowMs: () => number;
  readonly #waiting = new Map<string, Waiting>();

  /** `nowMs` is a clock that does not go back. */
  constructor(timers: Timers, nowMs: () => number) {
    this.#timers = timers;
    this.#nowMs = nowMs;
  }

  /** Has `action` done `ms` after the last call with this `key`, or sooner when calls go on for ten times as long. */
  want(key: string, ms: number, action: () => void): void {
    const before = this.#waiting.get(key);
    before?.cancel();
    const act = () => {
      this.#waiting.delete(key);
      action();
    };
    const nowMs = this.#nowMs();
    const sinceMs = before?.sinceMs ?? nowMs;
    const leftMs = Math.max(0, sinceMs + putOffsMax * ms - nowMs);
    this.#waiting.set(key, { sinceMs, act, cancel: this.#timers.after(Math.min(ms, leftMs), act) });
  }

  /** Does all that waits, now. */
  hurry(): void {
    for (const { cancel, act } of [...this.#waiting.values()]) {
      cancel();
      act();
    }
  }
}
