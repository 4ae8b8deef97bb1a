import { Debounce } from "../../src/daemon/debounce.ts";
import { assertEquals } from "../support/assert.ts";
import { FakeTimers } from "../support/daemon.ts";

/** Plays calls `key@ms`, each wanted after 3 s, and returns what was done and when. */
function play(calls: string): string {
  const timers = new FakeTimers();
  const debounce = debounceOf(timers);
  const done: string[] = [];
  for (const [call, key, at] of calls.matchAll(/(\w+)@(\d+)/g)) {
    timers.pass(Number(at) - timers.nowMs);
    debounce.want(key, 3_000, () => done.push(`${call}:${timers.nowMs}`));
  }
  timers.pass(60_000);
  return done.join(" ");
}

/** What is wanted, and what is done: the last of each burst, after it. */
const plays = {
  "a@0": "a@0:3000",
  "a@0 a@1000 a@3999": "a@3999:6999",
  "a@0 a@2999 a@3000": "a@3000:6000",
  "a@0 a@3001": "a@0:3000 a@3001:6001",
  "a@0 b@1 a@2000": "b@1:3001 a@2000:5000",
};

for (const [calls, done] of Object.entries(plays)) {
  Deno.test(`Debounce.want() does the last of each burst of ${calls}`, () => assertEquals(play(calls), done));
}

Deno.test("Debounce.want() does a burst of a thousand once, and has one timer for it", () => {
  const timers = new FakeTimers();
  const debounce = debounceOf(timers);
  const done: number[] = [];
  for (let call = 0; call < 1_000; call++) {
    debounce.want("a", 3_000, () => done.push(call));
    assertEquals(timers.count, 1);
    timers.pass(1);
  }
  timers.pass(3_000);
  assertEquals([done, timers.count], [[999], 0]);
});

Deno.test("Debounce.want() takes what is wanted by what it does", () => {
  const timers = new FakeTimers();
  const debounce = debounceOf(timers);
  const done: string[] = [];
  debounce.want("a", 1_000, () => {
    done.push("first");
    debounce.want("a", 1_000, () => done.push("second"));
  });
  timers.pass(1_000);
  assertEquals(done, ["first"]);
  timers.pass(1_000);
  assertEquals(done, ["first", "second"]);
});

Deno.test("Debounce.want() waits as long as was said last", () => {
  const timers = new FakeTimers();
  const debounce = debounceOf(timers);
  const done: string[] = [];
  debounce.want("a", 60_000, () => done.push("late"));
  debounce.want("a", 0, () => done.push("soon"));
  timers.pass(60_000);
  assertEquals(done, ["soon"]);
});

Deno.test("Debounce.want() puts off what is wanted all the time ten times at most", () => {
  const timers = new FakeTimers();
  const debounce = debounceOf(timers);
  const done: number[] = [];
  for (; timers.nowMs < 7_000; timers.pass(100)) debounce.want("a", 500, () => done.push(timers.nowMs));
  assertEquals(done, [5_000]);
  timers.pass(500);
  assertEquals(done, [5_000, 7_400]);
});

Deno.test("Debounce.hurry() does what waits, once, and nothing else", () => {
  const timers = new FakeTimers();
  const debounce = debounceOf(timers);
  const done: string[] = [];
  debounce.hurry();
  for (const key of ["a", "b", "a"]) debounce.want(key, 1_000, () => done.push(key));
  debounce.hurry();
  assertEquals([done, timers.count], [["a", "b"], 0]);
});

function debounceOf(timers: FakeTimers): Debounce {
  return new Debounce(timers, () => timers.nowMs);
}
