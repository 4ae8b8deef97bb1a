import { asObject } from "../../src/base/decode.ts";
import { asQueue, firstInLine, isWaiting, type Queue, type Waiter } from "../../src/locks/queue.ts";
import type { Target } from "../../src/locks/target.ts";
import { assertEquals } from "../support/assert.ts";

function waiter(ticket: number, names: string): Waiter {
  const targets = [...names].map((name): Target => ({ key: name, kind: "file", name: `/${name}` }));
  const process = { pid: ticket, started: `${ticket}`, space: "" };
  return { ticket, holder: { key: `w${ticket}`, label: "w" }, process, targets, boot: "this", untilS: 100 };
}

/** What those in line want, what has become free, and whose turn it is. */
const lines: Readonly<Record<string, readonly [wanted: string, free: string, first: string]>> = {
  "one file": ["f f f", "f", "0"],
  "a file that nobody wants": ["f f", "g", ""],
  "two files, each its first": ["f g f g", "fg", "0,1"],
  "a file whose first waits for another one too": ["fg g h", "g", "0"],
  "a file whose second has an earlier one before it elsewhere": ["f fg g", "g", ""],
  "nobody": ["", "f", ""],
};

for (const [what, [wanted, free, first]] of Object.entries(lines)) {
  Deno.test(`firstInLine() for ${what}`, () => {
    const waiters = wanted.split(" ").filter((names) => names !== "").map((names, ticket) => waiter(ticket, names));
    assertEquals(firstInLine(waiters, waiter(9, free).targets).map(({ ticket }) => ticket).join(), first);
  });
}

Deno.test("isWaiting() until a second after its time, while its process and the boot last", () => {
  const now = (bootS: number, boot = "this") => ({ boot, bootS, wallMs: 0 });
  const one = waiter(1, "f");
  assertEquals([50, 100, 100.75, 101].map((bootS) => isWaiting(one, now(bootS), () => true)), [
    true,
    true,
    true,
    false,
  ]);
  assertEquals([isWaiting(one, now(50), () => false), isWaiting(one, now(50, "other"), () => true)], [false, false]);
});

Deno.test("asQueue() reads what was written, and refuses what is no queue", () => {
  const queue: Queue = { v: 1, waiters: [waiter(1, "fg"), waiter(2, "")] };
  assertEquals(asQueue(asObject(JSON.parse(JSON.stringify(queue))) ?? {}), queue);
  const records = [{}, { v: 1 }, { v: 1, waiters: {} }, { v: 1, waiters: [{ ...waiter(1, "f"), process: 5 }] }];
  assertEquals(records.map((record) => asQueue(record)), Array(4).fill(undefined));
});
