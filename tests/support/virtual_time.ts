import type { Clock, Now } from "../../src/base/clock.ts";

/** The second at which a test begins: far from 0, which means "never" in a lease. */
const startS = 1_000;
const wallStartMs = Date.UTC(2026, 0, 1);
/** How many promises may follow from one another before a task counts as one that waits for the outside. */
const turnsMax = 32;
const yieldsMax = 1_000;

interface Sleeper {
  readonly untilS: number;
  wake(): void;
}

/** A clock that stands still until a test lets time pass; the tasks that sleep by it wake in order. */
export class VirtualTime implements Clock {
  /** What a test may change: another boot, and a step of the wall clock. */
  boot = "boot 1";
  wallStepMs = 0;
  #bootS = startS;
  #awake = 0;
  readonly #sleepers = new Set<Sleeper>();

  /** Seconds since the test began. */
  get seconds(): number {
    return this.#bootS - startS;
  }

  now(): Now {
    const wallMs = wallStartMs + this.seconds * 1000 + this.wallStepMs;
    return { boot: this.boot, bootS: this.#bootS, wallMs };
  }

  /** Takes `task` for one that time has to wait for while it is awake. */
  follow(task: Promise<void>): void {
    this.#awake++;
    task.finally(() => this.#awake--);
  }

  /** Sleeps for `ms` of this clock, or until `woken` resolves. */
  async sleep(ms: number, woken: Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleeper = { untilS: this.#bootS + ms / 1000, wake: resolve };
    this.#sleepers.add(sleeper);
    this.#awake--;
    await Promise.race([promise, woken]);
    this.#awake++;
    this.#sleepers.delete(sleeper);
  }

  /** Sleeps for ever, as a dead process does. */
  sleepForEver(): Promise<never> {
    this.#awake--;
    return new Promise(() => {});
  }

  /** Lets time pass up to `seconds` after the beginning. */
  async passTo(seconds: number): Promise<void> {
    for (let next = await this.#nextSleeper(seconds); next !== undefined; next = await this.#nextSleeper(seconds)) {
      this.#bootS = Math.max(this.#bootS, next.untilS);
      this.#sleepers.delete(next);
      next.wake();
    }
    this.#bootS = Math.max(this.#bootS, startS + seconds);
  }

  async #nextSleeper(seconds: number): Promise<Sleeper | undefined> {
    await this.#quiet();
    const due = [...this.#sleepers].filter(({ untilS }) => untilS <= startS + seconds);
    return due.sort((a, b) => a.untilS - b.untilS)[0];
  }

  /** Lets every task go on until it sleeps or ends. */
  async #quiet(): Promise<void> {
    for (let turn = 0; turn < turnsMax; turn++) await Promise.resolve();
    for (let count = 0; this.#awake > 0; count++) {
      if (count === yieldsMax) throw new Error(`${this.#awake} tasks neither sleep nor end`);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
}
