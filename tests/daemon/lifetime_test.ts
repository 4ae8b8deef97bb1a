import { ended, Lifetime } from "../../src/daemon/lifetime.ts";
import { assertEquals } from "../support/assert.ts";
import { FakeTimers } from "../support/daemon.ts";

Deno.test("Lifetime ends when nobody has asked for as long as it is told", () => {
  const timers = new FakeTimers();
  const lifetime = new Lifetime(1_000, timers);
  timers.pass(999);
  assertEquals(lifetime.ending.aborted, false);
  timers.pass(1);
  assertEquals([lifetime.ending.aborted, lifetime.ending.reason], [true, "nobody has asked for long"]);
});

Deno.test("Lifetime counts its idle time from the end of the last request", () => {
  const timers = new FakeTimers();
  const lifetime = new Lifetime(1_000, timers);
  timers.pass(900);
  const [first, second] = [lifetime.begin(), lifetime.begin()];
  timers.pass(5_000);
  first();
  timers.pass(5_000);
  assertEquals([lifetime.ending.aborted, lifetime.inFlight], [false, 1]);
  second();
  timers.pass(999);
  assertEquals(lifetime.ending.aborted, false);
  timers.pass(1);
  assertEquals(lifetime.ending.aborted, true);
});

Deno.test("Lifetime without an idle time goes on", () => {
  const timers = new FakeTimers();
  const lifetime = new Lifetime(undefined, timers);
  lifetime.begin()();
  assertEquals(timers.count, 0);
});

Deno.test("Lifetime.end() keeps the first reason, and leaves no timer", async () => {
  const timers = new FakeTimers();
  const lifetime = new Lifetime(1_000, timers);
  const before = ended(lifetime);
  lifetime.end("first");
  lifetime.end("second");
  lifetime.begin()();
  assertEquals([await before, await ended(lifetime), timers.count], ["first", "first", 0]);
});

Deno.test("Lifetime.quiet() waits for the requests in flight", async () => {
  const timers = new FakeTimers();
  const lifetime = new Lifetime(undefined, timers);
  await lifetime.quiet(1_000);
  const [first, second] = [lifetime.begin(), lifetime.begin()];
  let isQuiet = false;
  const quiet = lifetime.quiet(1_000).then(() => isQuiet = true);
  first();
  await Promise.resolve();
  assertEquals(isQuiet, false);
  second();
  await quiet;
  assertEquals(timers.count, 0);
});

Deno.test("Lifetime.quiet() gives up after its time", async () => {
  const timers = new FakeTimers();
  const lifetime = new Lifetime(undefined, timers);
  lifetime.begin();
  const quiet = lifetime.quiet(1_000);
  timers.pass(1_000);
  await quiet;
  assertEquals(lifetime.inFlight, 1);
});
