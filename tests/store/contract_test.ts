// What every backend keeps to, whatever it is made of.

import { within } from "../../src/platform/deadline.ts";
import type { Store, Transaction } from "../../src/store/store.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { type Backend, backends, getNumber, longMs, peekNumber, putNumber } from "../support/stores.ts";

/** How long a change may take to be noticed before the test gives up. */
const noticeMaxMs = 2_000;

function contract(fact: string, check: (backend: Backend) => Promise<void>): void {
  for (const [name, open] of Object.entries(backends)) {
    Deno.test(`${name} ${fact}`, async () => {
      using backend = open();
      await check(backend);
    });
  }
}

/** Returns what the records a to d hold, for those who read and in a change. */
async function contents(store: Store): Promise<string> {
  const keys = ["a", "b", "c/a", "c/b"];
  const inside = await store.change((tx) => keys.map((key) => getNumber(tx, key)));
  assertEquals(keys.map((key) => peekNumber(store, key)), inside);
  return inside.map((number) => number ?? "-").join("");
}

contract("change() keeps what the body puts and deletes", async ({ store, reopen }) => {
  await store.change((tx) => {
    for (const [place, key] of ["a", "b", "c/a", "c/b"].entries()) putNumber(tx, key, place);
  });
  assertEquals(await contents(store), "0123");
  await store.change((tx) => {
    tx.delete("a");
    putNumber(tx, "c/b", 7);
    tx.delete("never there");
  });
  assertEquals(await contents(store), "-127");
  assertEquals(await contents(reopen()), "-127");
});

contract("change() reads what its own body wrote last", async ({ store }) => {
  await store.change((tx) => putNumber(tx, "a", 1));
  const seen = await store.change((tx) => {
    const steps = [getNumber(tx, "a")];
    putNumber(tx, "a", 2);
    steps.push(getNumber(tx, "a"));
    tx.delete("a");
    steps.push(getNumber(tx, "a"));
    putNumber(tx, "a", 3);
    return [...steps, getNumber(tx, "a")];
  });
  assertEquals(seen, [1, 2, undefined, 3]);
  assertEquals(await contents(store), "3---");
});

contract("change() shows others nothing before its end", async ({ store }) => {
  await store.change((tx) => putNumber(tx, "c/a", 1));
  const look = (tx: Transaction) => [peekNumber(store, "c/a"), store.list("c").join(), tx.list("c").join()];
  const [before, during] = await store.change((tx) => {
    const first = look(tx);
    putNumber(tx, "c/a", 2);
    putNumber(tx, "c/b", 2);
    return [first, look(tx)];
  });
  assertEquals(before, [1, "a", "a"]);
  assertEquals(during, before);
});

contract("change() keeps all of a body or nothing", async ({ store }) => {
  await store.change((tx) => putNumber(tx, "a", 1));
  const broken = store.change((tx) => {
    putNumber(tx, "a", 2);
    putNumber(tx, "b", 2);
    tx.delete("a");
    throw new RangeError("half way");
  });
  await assertRejects(() => broken, RangeError, "half way");
  assertEquals(await contents(store), "1---");
});

contract("change() loses no update of those that come at once", async ({ store, reopen }) => {
  const count = (one: Store) => one.change((tx) => putNumber(tx, "a", (getNumber(tx, "a") ?? 0) + 1));
  const other = reopen();
  await Promise.all(Array.from({ length: 24 }, (_, turn) => count(turn % 2 === 0 ? store : other)));
  assertEquals(peekNumber(store, "a"), 24);
});

contract("change() gives what its body returns", async ({ store }) => {
  assertEquals(await store.change(() => "answer"), "answer");
  assertEquals(await store.change(() => undefined), undefined);
});

contract("fence() only rises from one change to the next, also in another opening", async ({ store, reopen }) => {
  const fences: number[] = [];
  const draw = (tx: Transaction) => void fences.push(tx.fence(), tx.fence());
  await store.change(draw);
  await store.change((tx) => (draw(tx), putNumber(tx, "a", 1), putNumber(tx, "b", 1)));
  await reopen().change(draw);
  assertEquals([...new Set(fences)].sort((a, b) => a - b), fences);
});

contract("list() names the last parts of the keys below a prefix", async ({ store, reopen }) => {
  assertEquals(store.list("c"), []);
  await store.change((tx) => {
    for (const key of ["c/a", "c/b", "cc/x", "d/ab/1", "d/ab/2", "d/cd/1"]) putNumber(tx, key, 1);
  });
  await store.change((tx) => tx.delete("c/b"));
  for (const one of [store, reopen()]) {
    assertEquals(["c", "cc", "d", "d/ab", "e"].map((prefix) => one.list(prefix).sort().join()), [
      "a",
      "x",
      "ab,cd",
      "1,2",
      "",
    ]);
  }
});

contract("get() and peek() take a record that does not decode for none", async ({ store }) => {
  await store.change((tx) => tx.put("a", { v: 1 }));
  assertEquals(await contents(store), "----");
  await store.change((tx) => putNumber(tx, "a", 1));
  assertEquals(await contents(store), "1---");
});

contract("watch() wakes at every change of its record, and when it is deleted", async ({ store }) => {
  await store.change((tx) => putNumber(tx, "a", 0));
  const watch = await store.watch("a");
  for (const number of [1, 2, 3, undefined]) {
    const noticed = within(noticeMaxMs, noticesThat(() => peekNumber(store, "a") === number), false);
    await store.change((tx) => number === undefined ? tx.delete("a") : putNumber(tx, "a", number));
    assertEquals(await noticed, true, `${number} was noticed`);
  }
  watch.close();

  async function noticesThat(isSo: () => boolean): Promise<boolean> {
    while (!isSo()) await watch.changed(longMs);
    return true;
  }
});

contract("watch() sees a change that came before it is asked", async ({ store }) => {
  await store.change((tx) => putNumber(tx, "a", 0));
  const watch = await store.watch("a");
  await store.change((tx) => putNumber(tx, "a", 1));
  assertEquals(await within(noticeMaxMs, watch.changed(longMs).then(() => true), false), true);
  watch.close();
});

contract("watch() wakes when its time is up", async ({ store }) => {
  await store.change((tx) => putNumber(tx, "a", 0));
  const watch = await store.watch("a");
  assertEquals(await within(noticeMaxMs, watch.changed(1).then(() => true), false), true);
  watch.close();
});

contract("watch() takes a record that is not there", async ({ store }) => {
  const watch = await store.watch("a");
  assertEquals(await within(noticeMaxMs, watch.changed(1).then(() => true), false), true);
  watch.close();
});

contract("first() is true once for each key", ({ store, reopen }) => {
  const answers = [store, store, reopen()].map((one) => [one.first("k1"), one.first("k2")].join());
  assertEquals(answers, ["true,true", "false,false", "false,false"]);
  return Promise.resolve();
});
