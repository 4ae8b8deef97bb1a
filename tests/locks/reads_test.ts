import { digest } from "../../src/base/digest.ts";
import type { Lease } from "../../src/locks/lease.ts";
import {
  type Content,
  type ContentFiles,
  contentOf,
  contentShown,
  keepText,
  type Stale,
  staleReads,
  stamped,
} from "../../src/locks/reads.ts";
import type { Session } from "../../src/sessions/session.ts";
import type { Target } from "../../src/locks/target.ts";
import { assertEquals } from "../support/assert.ts";
import { Machine } from "../support/machine.ts";

const largeSize = 8 * 1024 * 1024 + 1;

/** A file at `/f`, as bytes or as a text in UTF-8; a number is the size of one that nobody reads. */
function disk(content: string | readonly number[] | number | undefined, modifiedMs = 1): ContentFiles {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : new Uint8Array(Array.isArray(content) ? content : []);
  const size = typeof content === "number" ? content : bytes.length;
  return {
    lookThrough: () => content === undefined ? undefined : { size, modifiedMs, identity: "1:1" },
    readBytes(): Uint8Array<ArrayBuffer> {
      if (typeof content === "number") throw new Error("read a file that is too large");
      return bytes;
    },
  };
}

function utf16(text: string): number[] {
  return [
    0xff,
    0xfe,
    ...Array.from(text).flatMap((letter) => [letter.charCodeAt(0) & 0xff, letter.charCodeAt(0) >> 8]),
  ];
}

const latin1 = [0x63, 0x61, 0x66, 0xe9, 0x0a];

/** What a file holds, what a host shows of it, and whether that is the file. */
const shownFiles: Readonly<
  Record<string, readonly [content: string | readonly number[], shown: string, isSame: boolean]>
> = {
  "as it is": ["a\nb\n", "a\nb\n", true],
  "that is empty": ["", "", true],
  "with other line ends": ["a\r\nb\r\n", "a\nb\n", true],
  "with other line ends that were shown": ["a\r\nb\r\n", "a\r\nb\r\n", true],
  "with doubled carriage returns": ["a\r\r\nb\n", "a\nb\n", true],
  "with a byte order mark": ["\ufeffa\n", "a\n", true],
  "with two byte order marks": ["\ufeff\ufeffa\n", "a\n", true],
  "in UTF-16": [utf16("aé\r\nb"), "aé\nb", true],
  "that is no text": [latin1, "caf\ufffd\n", true],
  "that changed": ["a\nc\n", "a\nb\n", false],
  "that changed by a blank": ["a \n", "a\n", false],
  "that lost its last line end": ["a", "a\n", false],
  "with a carriage return in a line": ["a\rb\n", "ab\n", false],
};

for (const [what, [content, shown, isSame]] of Object.entries(shownFiles)) {
  Deno.test(`contentShown() of a file ${what}`, async () => {
    const found = await contentOf(disk(content), "/f");
    const seen = await contentShown(disk(content), "/f", shown);
    assertEquals(seen.digest === found.digest, isSame);
  });
}

Deno.test("contentShown() of a file that is gone is what was shown", async () => {
  const seen = await contentShown(disk(undefined), "/f", "a\r\n");
  assertEquals(seen, { digest: await digest("a\n"), text: "a\n" });
});

Deno.test("contentOf() is one for texts that read the same", async () => {
  const contents = await Promise.all(
    ["a\nb", "a\r\nb", "\ufeffa\nb", utf16("a\nb")].map((one) => contentOf(disk(one), "/f")),
  );
  assertEquals(contents, Array(4).fill({ digest: await digest("a\nb"), text: "a\nb" }));
});

Deno.test("contentOf() keeps no text of what is none, and tells its bytes apart", async () => {
  const [one, other, nul] = await Promise.all(
    [latin1, [...latin1, 0xe8], [0xff, 0xfe, 0x00]].map((bytes) => contentOf(disk(bytes), "/f")),
  );
  assertEquals([one.text, other.text, nul.text], [undefined, undefined, undefined]);
  assertEquals(new Set([one.digest, other.digest, nul.digest]).size, 3);
});

Deno.test("contentOf() goes by the content, not by the time", async () => {
  assertEquals(await contentOf(disk("a", 1), "/f"), await contentOf(disk("a", 2), "/f"));
  assertEquals((await contentOf(disk("a", 1), "/f")).digest === (await contentOf(disk("b", 1), "/f")).digest, false);
});

Deno.test("contentOf() of an absent file, and of one too large to read", async () => {
  assertEquals(await contentOf(disk(undefined), "/f"), { digest: "absent" });
  const large = await Promise.all([1, 2].map((modifiedMs) => contentOf(disk(largeSize, modifiedMs), "/f")));
  assertEquals([large[0].text, large[0].digest === large[1].digest], [undefined, false]);
  assertEquals((await contentOf(disk(largeSize), "/f")).digest, large[0].digest);
});

const target: Target = { key: "ab12", kind: "file", name: "/f" };

Deno.test("stamped() keeps what the latest event saw, as the newest", () => {
  const stamp = (key: string, digest: string, atMs: number) => ({
    target: { ...target, key },
    content: { digest },
    atMs,
  });
  let reads = stamped({}, stamp("f", "one", 10));
  reads = stamped(reads, stamp("g", "one", 20));
  reads = stamped(reads, stamp("f", "two", 30));
  assertEquals(Object.entries(reads).map(([key, { digest, atMs }]) => `${key} ${digest} ${atMs}`), [
    "g one 20",
    "f two 30",
  ]);
  assertEquals(stamped(reads, stamp("f", "late", 29)), reads);
  assertEquals(stamped(reads, stamp("f", "same", 30)).f.digest, "same");
});

const lastWrite = { key: "77aa", label: "gemini session 77aa", digest: "now", wallMs: 5 };

/** Returns what is stale of `/f` when its holder was shown `seen`, and it holds `found` now. */
async function staleOf(seen: Content | undefined, found: string | undefined, write?: Partial<Lease>): Promise<Stale[]> {
  const { store, time } = new Machine();
  const holder = { key: "a0b1", label: "a" };
  const lists = { held: {}, notices: [], agents: [], folders: [] };
  const reads = seen === undefined ? {} : { [target.key]: { name: target.name, digest: seen.digest, atMs: 1 } };
  const session: Session = { v: 1, holder, cwd: "/", boot: "this", seenS: 1, seenMs: 1, ...lists, reads };
  const times = { sinceS: 1, callS: 1, graceUntilS: 0, manualUntilS: 0 };
  const lease: Lease = { v: 1, target, holder, fence: 1, boot: "this", reason: "", calls: ["1"], ...times, ...write };
  await store.change((tx) => seen && keepText(tx, seen, time.now()));
  return staleReads({ store, files: disk(found) }, session, [lease]);
}

Deno.test("staleReads() finds nothing where a file is as it was shown, or was never shown", async () => {
  const seen = await contentOf(disk("a\n"), "/f");
  assertEquals(await staleOf(seen, "a\r\n"), []);
  assertEquals(await staleOf(undefined, "a\n"), []);
  assertEquals(await staleOf({ digest: "absent" }, undefined), []);
});

Deno.test("staleReads() finds what changed, with what was shown", async () => {
  const seen = await contentOf(disk("a\n"), "/f"), current = await contentOf(disk("b\n"), "/f");
  assertEquals(await staleOf(seen, "b\n"), [{ target, current, shown: "a\n", by: undefined }]);
  assertEquals(await staleOf(seen, undefined), [{
    target,
    current: { digest: "absent" },
    shown: "a\n",
    by: undefined,
  }]);
  assertEquals((await staleOf({ digest: "absent" }, "b\n")).length, 1);
  assertEquals((await staleOf(await contentOf(disk(""), "/f"), "b\n"))[0].shown, "");
});

Deno.test("staleReads() names who wrote last, when the file is as they left it", async () => {
  const seen = await contentOf(disk("a\n"), "/f"), current = await contentOf(disk("b\n"), "/f");
  const by = { ...lastWrite, digest: current.digest };
  assertEquals((await staleOf(seen, "b\n", { lastWrite: by }))[0].by, by);
  assertEquals((await staleOf(seen, "b\n", { lastWrite }))[0].by, undefined);
  assertEquals(await staleOf(seen, "b\n", { lastWrite: { ...by, key: "a0b1" } }), [], "its own");
});

Deno.test("staleReads() never finds an own edit, however late the stamp of a read came", async () => {
  const seen = await contentOf(disk("a\n"), "/f"), current = await contentOf(disk("b\n"), "/f");
  const own = { ...lastWrite, key: "a0b1", digest: current.digest };
  assertEquals(await staleOf(seen, "b\n", { lastWrite: own }), []);
  assertEquals((await staleOf(seen, "c\n", { lastWrite: own })).length, 1);
});

Deno.test("keepText() keeps texts of up to 64 Ki letters", async () => {
  const shownOf = async (text: string) => (await staleOf({ digest: "cd34", text }, "b"))[0].shown?.length;
  assertEquals([await shownOf("a".repeat(65_536)), await shownOf("a".repeat(65_537))], [65_536, undefined]);
});
