import type { Timers } from "./lifetime.ts";

/** Does things some time after they were wanted last, each once however often that was. */
export class Debounce {
  readonly #timers: Timers;
  readonly #waiting = new Map<string, () => void>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Has `action` done `ms` after the last call with this `key`. */
  want(key: string, ms: number, action: () => void): void {
    this.#waiting.get(key)?.();
    const act = () => {
      this.#waiting.delete(key);
      action();
    };
    this.#waiting.set(key, this.#timers.after(ms, act));
  }
}
