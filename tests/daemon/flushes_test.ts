import { Flushes } from "../../src/daemon/flushes.ts";
import { Lifetime } from "../../src/daemon/lifetime.ts";
import { assertEquals } from "../support/assert.ts";
import { FakeTimers, untilTrue } from "../support/daemon.ts";

/** Projections that last until the test ends them. */
class Stage {
  readonly timers = new FakeTimers();
  readonly lifetime = new Lifetime(10_000, this.timers);
  /** What was begun, as `root/home`. */
  readonly begun: string[] = [];
  readonly #running: PromiseWithResolvers<void>[] = [];
  readonly flushes = new Flushes({
    lifetime: this.lifetime,
    timers: this.timers,
    nowMs: () => this.timers.nowMs,
    flush: ({ root, home }) => {
      this.begun.push(`${root}/${home}`);
      const running = Promise.withResolvers<void>();
      this.#running.push(running);
      return running.promise;
    },
  });

  want(root: string, home: string, afterMs = 1_000): void {
    this.flushes.want({ scope: "project", root, home, afterMs });
  }

  /** Ends the projection that was begun first, with or without an error. */
  async end(error?: Error): Promise<void> {
    const left = this.lifetime.inFlight + this.begun.length;
    const first = this.#running.shift();
    if (error === undefined) first?.resolve();
    else first?.reject(error);
    await untilTrue("it has ended", () => this.lifetime.inFlight + this.begun.length !== left);
  }
}

Deno.test("Flushes.want() projects a place again after it was wanted while it was projected, once and never twice at a time", async () => {
  const stage = new Stage();
  stage.want("a", "1");
  stage.timers.pass(1_000);
  for (const home of ["2", "3"]) {
    stage.want("a", home);
    stage.timers.pass(1_000);
  }
  assertEquals(stage.begun, ["a/1"]);
  await stage.end();
  assertEquals(stage.begun, ["a/1", "a/3"]);
  await stage.end();
  stage.want("a", "4");
  stage.timers.pass(1_000);
  assertEquals(stage.begun, ["a/1", "a/3", "a/4"]);
});

Deno.test("Flushes.want() projects one place while another is projected", () => {
  const stage = new Stage();
  for (const root of ["a", "b"]) stage.want(root, "1");
  stage.timers.pass(1_000);
  assertEquals(stage.begun, ["a/1", "b/1"]);
});

Deno.test("Flushes.want() keeps the daemon until what is wanted is done", async () => {
  const stage = new Stage();
  stage.want("a", "1", 60_000);
  stage.timers.pass(60_000);
  assertEquals([stage.begun, stage.lifetime.ending.aborted], [["a/1"], false]);
  stage.timers.pass(60_000);
  assertEquals(stage.lifetime.ending.aborted, false);
  await stage.end();
  stage.timers.pass(10_000);
  assertEquals(stage.lifetime.ending.aborted, true);
});

Deno.test("Flushes do at the end of the daemon what waits, and the end waits for it", async () => {
  const stage = new Stage();
  stage.want("a", "1", 60_000);
  stage.lifetime.end("test");
  assertEquals(stage.begun, ["a/1"]);
  let isQuiet = false;
  const quiet = stage.lifetime.quiet(60_000).then(() => isQuiet = true);
  assertEquals(isQuiet, false);
  await stage.end();
  await quiet;
});

Deno.test("Flushes go on after a projection that failed", async () => {
  const stage = new Stage();
  const failures: unknown[] = [];
  const note = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    failures.push(event.reason.message);
  };
  globalThis.addEventListener("unhandledrejection", note);
  try {
    stage.want("a", "1");
    stage.timers.pass(1_000);
    await stage.end(new Error("full disk"));
    await untilTrue("the failure is heard of", () => failures.length > 0);
    assertEquals(failures, ["full disk"]);
    stage.want("a", "2");
    stage.timers.pass(1_000);
    assertEquals(stage.begun, ["a/1", "a/2"]);
  } finally {
    globalThis.removeEventListener("unhandledrejection", note);
  }
});
