// The language of the plays is in tests/support/play.ts.

import { acquire } from "../../src/locks/acquire.ts";
import { breakLease } from "../../src/locks/listing.ts";
import { queueKey, type Waiter, waitersMax } from "../../src/locks/queue.ts";
import type { Target } from "../../src/locks/target.ts";
import { assertEquals } from "../support/assert.ts";
import { Machine, processNamed } from "../support/machine.ts";
import { scenes } from "../support/play.ts";

scenes({
  "acquire() grants what nobody has": ["a+f@0 b+g@0", "a:f@0 b:g@0"],
  "acquire() makes a second holder wait": ["a+f@0 b+f@4 ?f@5 a-f@10", "a:f@0 f=a:in-flight:115<b@5 b:f@10"],
  "acquire() refuses who waits no longer, with its place in line": [
    "a+f@0 b+f~30@1 c+f~9@2 d+f~0@3 a-f@20",
    "a:f@0 d:busy:a,3@3 c:busy:a,2@11 b:f@20",
  ],
  "acquire() lets the holder of a file in again": ["a+f@0 b+f@1 a+f#2@2 a-f@3 a-f#2@4", "a:f@0 a:f@2 b:f@4"],
  "acquire() serves two calls of one waiter": [
    "a+f@0 b+f#1@1 b+f#2@2 c+f@3 a-f@4 b-f#1@5 b-f#2@6",
    "a:f@0 b:f@4 b:f@4 c:f@6",
  ],
  "acquire() takes a sub-agent for a holder of its own": ["a/t+f@0 a+f@1 a/t-f@2", "a/t:f@0 a:f@2"],
  "acquire() lets a holder by hand edit": ["a+f=60@0 b+f@1 a+f@2 a-f@3 ?f@4", "a:f@0 a:f@2 f=a:manual:56<b@4 b:f@60"],
  "acquire() lets an edit go on beyond the time by hand": ["a+f=10@0 a+f@5 b+f@6 a-f@20", "a:f@0 a:f@5 b:f@20"],
});

scenes({
  "acquire() serves three waiters in the order of their tickets": [
    "a+f@0 b+f@1 c+f@2 d+f@3 a-f@10 b-f@11 c-f@12",
    "a:f@0 b:f@10 c:f@11 d:f@12",
  ],
  "acquire() lets nobody pass those in line": ["a+f@0 b+f@1 a-f@2 c+f@2 b-f@3", "a:f@0 b:f@2 c:f@3"],
  "acquire() passes over a waiter whose process died": ["a+f@0 b+f@1 c+f@2 b:kill@5 a-f@10", "a:f@0 c:f@10"],
  "acquire() looks for itself whether the waiter before it lives": [
    "a+f@0 b+f,g@1 c+g@2 b:kill@5",
    "a:f@0 c:g@5.5",
  ],
  "acquire() leaves nothing behind when its time is up": [
    "a+f@0 b+f~4@1 ?f@6 a-f@7 c+f@7",
    "a:f@0 b:busy:a,1@5 f=a:in-flight:114@6 c:f@7",
  ],
  "acquire() goes on behind a waiter whose time is up": ["a+f@0 b+f,g~4@1 c+g@2", "a:f@0 b:busy:a,1@5 c:g@5"],
});

scenes({
  "acquire() claims all files or none": ["a+f@0 b+f,g@1 ?g@2 a-f@3", "a:f@0 g=free@2 b:f,g@3"],
  "acquire() serves overlapping requests in order": [
    "a+f@0 b+f,g@1 c+g,h@2 d+h@3 a-f@4 b-f,g@5 c-g,h@6",
    "a:f@0 b:f,g@4 c:g,h@5 d:h@6",
  ],
  "acquire() takes the same files in any order without a circle": [
    "a+f,g@0 b+g,f@1 c+f,g@2 a-f@3 a-g@4 b-f,g@5",
    "a:f,g@0 b:g,f@4 c:f,g@5",
  ],
  "acquire() does not make those wait who want something else": ["a+f@0 b+f,g@1 c+h@2 a-f@3", "a:f@0 c:h@2 b:f,g@3"],
});

scenes({
  "acquire() covers the files below a folder": [
    "a+src/=60@0 b+src/x/f@1 c+lib@1 d+src2@1 a:free:src/@2",
    "a:src/@0 c:lib@1 d:src2@1 b:src/x/f@2",
  ],
  "acquire() makes a folder wait for the files below it": [
    "a+src/f@0 c+src/g@0 b+src/=9@1 a-src/f@2 c-src/g@3",
    "a:src/f@0 c:src/g@0 b:src/@3",
  ],
  "acquire() makes a folder wait for the folder above it and below it": [
    "a+src/x/=60@0 b+src/=60@1 c+src/x/y/=60@2 a:free:src/x/@3 b:free:src/@4",
    "a:src/x/@0 b:src/@3 c:src/x/y/@4",
  ],
  "acquire() lets the holder of a folder edit below it": [
    "a+src/=60@0 a+src/f@1 a-src/f@2 b+src/f~0@3",
    "a:src/@0 a:src/f@1 b:busy:a,1@3",
  ],
  "acquire() lets the holder of a folder edit below it while others wait": [
    "a+src/=30@0 b+src/f@1 a+src/f@2 a-src/f@3",
    "a:src/@0 a:src/f@2 b:src/f@30",
  ],
  "acquire() keeps resources and paths apart": [
    "a+$git=60@0 b+$git@1 c+git@1 d+/=9~0@1 a:free:$git@2 c-git@3",
    "a:$git@0 c:git@1 d:busy:c,1@1 b:$git@2",
  ],
});

scenes({
  "acquire() denies the wait that would close a ring of two": [
    "a+f=90@0 b+g=90@0 a+g@1 b+f@2 b:free:g@3",
    "a:f@0 b:g@0 b:circle:b>a>b@2 a:g@3",
  ],
  "acquire() denies the wait that would close a ring of five": [
    "a+f=90@0 b+g=90@0 c+h=90@0 d+i=90@0 e+j=90@0 a+g@1 b+h@1 c+i@1 d+j@1 e+f@2 e:free:j@3 d:free:i@4 c:free:h@5 b:free:g@6",
    "a:f@0 b:g@0 c:h@0 d:i@0 e:j@0 e:circle:e>a>b>c>d>e@2 d:j@3 c:i@4 b:h@5 a:g@6",
  ],
  "acquire() sees a ring that closes through a place in line": [
    "a+f=90@0 c+h=90@0 b+f,g@1 a+h@2 c+g@3 c:free:h@4 a:free:f@5",
    "a:f@0 c:h@0 c:circle:c>b>a>c@3 a:h@4 b:f,g@5",
  ],
  "acquire() passes the grace of a waiter on to a ring": [
    "a+f@0 b+g@0 a-f%30@1 b-g%30@1 a+g@2 b+f@3 b-f@4",
    "a:f@0 b:g@0 b:f@3 a:g@31",
  ],
  "acquire() passes its own grace on to a ring": [
    "a+f=90@0 b+g@0 b-g%30@1 b+f@2 a+g@3 a:free:f@4",
    "a:f@0 b:g@0 a:g@3 b:f@4",
  ],
  "acquire() sees no ring among those who wait alone": [
    "a+f@0 b+f,g@1 c+g,f@2 d+f@3 a-f@4 b-f,g@5 c-f,g@6",
    "a:f@0 b:f,g@4 c:g,f@5 d:f@6",
  ],
});

scenes({
  "acquire() takes what a dead process held": ["a+f=90@0 a:die@5 b+f@6", "a:f@0 b:f@6"],
  "acquire() notices the death of the process it waits for": ["a+f=90@0 b+f@1 a:die@5", "a:f@0 b:f@5.5"],
  "acquire() waits for the time of a holder without a process": ["P+f=20@0 P:die@5 b+f@6", "P:f@0 b:f@20"],
  "acquire() waits for a session that goes on as another process": [
    "a+f=90@0 a:resume@1 b+f~20@2",
    "a:f@0 b:busy:a,1@22",
  ],
  "acquire() takes what was held before the machine started again": ["a+f=90@0 !boot@1 b+f@2", "a:f@0 b:f@2"],
  "acquire() does not line up behind waiters of another boot": [
    "a+f@0 b+f@1 !boot@2 c+f@3",
    "a:f@0 c:f@3 b:busy:c,1@61",
  ],
  "acquire() goes by no clock that people set": ["a+f@0 b+f~10@1 !clock@2 a-f%3@3", "a:f@0 b:f@6"],
});

const target: Target = { key: "ab12", kind: "file", name: "/f" };
const holder = { key: "a0b1", label: "a" };

Deno.test("acquire() lets only so many wait at once", async () => {
  const machine = new Machine();
  const { boot, bootS } = machine.time.now();
  const waiting = { process: processNamed("w"), targets: [target], boot, untilS: bootS + 9 };
  const waiters = Array.from({ length: waitersMax }, (_, ticket): Waiter => (
    { ticket, holder: { key: `w${ticket}`, label: "w" }, ...waiting }
  ));
  await machine.store.change((tx) => tx.put(queueKey, { v: 1, waiters }));
  const request = { holder, targets: [target], purpose: { kind: "manual", ttlS: 9 }, waitS: 9 } as const;
  assertEquals(await acquire(machine.locks("a"), request), { kind: "crowded" });
});

Deno.test("acquire() leaves for later what it cannot tell", async () => {
  const locks = new Machine().locks("a");
  const request = { holder, targets: [target], purpose: { kind: "manual", ttlS: 9 }, waitS: 0 } as const;
  await acquire(locks, request);
  await breakLease(locks, target, { key: "c2d3", label: "anna" });
  const told: number[] = [];
  for (const isTelling of [false, true, true]) {
    const acquired = await acquire(locks, { ...request, isTelling });
    if (acquired.kind === "granted") told.push(acquired.notices.length);
  }
  assertEquals(told, [0, 1, 0]);
});
