// The language of the plays is in tests/support/play.ts.

import { acquire } from "../../src/locks/acquire.ts";
import { leaseOn } from "../../src/locks/listing.ts";
import { sayRefused } from "../../src/locks/words.ts";
import { sessionHolder } from "../../src/sessions/holder.ts";
import { resourceTarget } from "../../src/locks/target.ts";
import { assertEquals } from "../support/assert.ts";
import { Machine } from "../support/machine.ts";
import { scenes } from "../support/play.ts";

scenes({
  "acquire() takes who is gone out of the line, and serves the next": [
    "a+f@0 b+f@1 c+f@2 b:leave@5 ?f@6 a-f@10",
    "a:f@0 b:busy:a,1@5.5 f=a:in-flight:114<c@6 c:f@10",
  ],
  "acquire() lets who waited behind one who is gone for another file go on": [
    "a+f@0 b+f,g@1 c+g@2 b:leave@5",
    "a:f@0 b:busy:a,1@5.5 c:g@5.5",
  ],
  "acquire() grants nothing to who is gone when its turn comes": [
    "a+f@0 b+f@1 c+f@2 b:leave@5 a-f@5.25 ?f@6",
    "a:f@0 b:gone@5.25 c:f@5.25 f=c:in-flight:120@6",
  ],
  "acquire() does not wait for who is gone before it asks": ["a+f@0 b:leave@1 b+f@1", "a:f@0 b:busy:a,1@1"],
  "acquire() gives a call back that was granted to who is gone": ["b:leave@0 b+f@1 ?f@1", "b:gone@1 f=free@1"],
  "acquire() gives back what was granted by hand to who is gone": ["P:leave@0 P+f=60@1 ?f@1", "P:gone@1 f=free@1"],
  "acquire() leaves who is gone what it had by hand before": [
    "P+f=60@0 P:leave@1 P+f,g=90@2 ?f@3 ?g@3",
    "P:f@0 P:gone@2 f=P:manual:89@3 g=free@3",
  ],
});

Deno.test("acquire() gives back what it granted while its asker went away", async () => {
  const machine = new Machine();
  const locks = machine.locks("a");
  const leaving = new AbortController();
  const target = await resourceTarget("port");
  const request = {
    holder: await sessionHolder({ host: "play", sessionId: "a" }, undefined),
    targets: [target],
    purpose: { kind: "call", callId: "1" },
    waitS: 0,
    signal: leaving.signal,
  } as const;
  const acquired = acquire(locks, request);
  leaving.abort();
  assertEquals(await acquired, { kind: "gone" });
  assertEquals(leaseOn(locks, target), undefined);
  assertEquals(sayRefused({ kind: "gone" }, [target], "/"), "port is not waited for any more. Ask again");
});
