import { TruceError } from "../../src/base/error.ts";
import { FileStore } from "../../src/store/file_store.ts";
import { assertEquals, assertRejects, assertThrows } from "../support/assert.ts";
import { getNumber, peekNumber, putNumber } from "../support/stores.ts";

/** A state folder of one test, as a person would look into it. */
class StateFolder implements Disposable {
  readonly logged: string[] = [];
  readonly path = `${Deno.makeTempDirSync({ prefix: "truce-state-" })}/state`;

  store(): FileStore {
    return new FileStore(this.path, (fact) => this.logged.push(fact));
  }

  write(name: string, text: string): void {
    const path = `${this.path}/${name}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(path, text);
  }

  read(name: string): string {
    return Deno.readTextFileSync(`${this.path}/${name}`);
  }

  names(folder = ""): string[] {
    return Array.from(Deno.readDirSync(`${this.path}/${folder}`), ({ name }) => name).sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path.replace(/state$/, ""), { recursive: true });
  }
}

const damaged: Readonly<Record<string, string>> = {
  "empty": "",
  "cut off": '{"v":1,"num',
  "no JSON": "\0\0\0\0",
  "no object": "[1]",
  "without a format": '{"number":1}',
  "of an odd format": '{"v":"1","number":1}',
  "of other fields": '{"v":1,"number":"one"}',
};

for (const [what, text] of Object.entries(damaged)) {
  Deno.test(`FileStore change() sets a record aside that is ${what}, and takes a new one`, async () => {
    using state = new StateFolder();
    state.write("a/b.json", text);
    const store = state.store();
    assertEquals(await store.change((tx) => getNumber(tx, "a/b")), undefined);
    assertEquals(state.names("a").map((name) => name.replace(/\d+$/, "N")), ["b.json.corrupt-N"]);
    assertEquals(state.read(`a/${state.names("a")[0]}`), text);
    assertEquals(state.logged.length, 1);
    assertEquals(store.list("a"), []);
    await store.change((tx) => putNumber(tx, "a/b", 2));
    assertEquals(peekNumber(store, "a/b"), 2);
  });

  Deno.test(`FileStore peek() leaves a record alone that is ${what}`, () => {
    using state = new StateFolder();
    state.write("a/b.json", text);
    assertEquals(peekNumber(state.store(), "a/b"), undefined);
    assertEquals(state.read("a/b.json"), text);
  });
}

Deno.test("FileStore change() keeps only so many damaged records", async () => {
  using state = new StateFolder();
  for (let count = 0; count < 16; count++) state.write(`a/b.json.corrupt-${count}`, "");
  state.write("a/b.json", "damaged");
  await state.store().change((tx) => getNumber(tx, "a/b"));
  assertEquals(state.names("a").length, 16);
});

Deno.test("FileStore leaves a record of a later format alone and says so", async () => {
  using state = new StateFolder();
  state.write("a.json", '{"v":2,"number":1}');
  const fact = `Cannot use "${state.path}/a.json": its format is 2, and this truce knows 1`;
  const error = await assertRejects(() => state.store().change((tx) => getNumber(tx, "a")), TruceError, fact);
  assertEquals(error.kind, "unavailable");
  assertThrows(() => peekNumber(state.store(), "a"), TruceError, fact);
  assertEquals(state.read("a.json"), '{"v":2,"number":1}');
});

Deno.test("FileStore keeps its files from other users", async () => {
  using state = new StateFolder();
  const store = state.store();
  await store.change((tx) => putNumber(tx, "a/b", 1));
  store.first("told once");
  const modeOf = (name: string) => ((Deno.lstatSync(`${state.path}${name}`).mode ?? 0) & 0o777).toString(8);
  const names = ["", "/a", "/a/b.json", "/mutex", "/told", "/told/told once"];
  assertEquals(names.map(modeOf), ["700", "700", "600", "600", "700", "600"]);
});

Deno.test("FileStore forgets the older half of what was first when that has become too much", () => {
  using state = new StateFolder();
  const store = state.store();
  const keys = Array.from({ length: 1_001 }, (_value, index) => `key-${index}`);
  for (const [seconds, key] of keys.entries()) {
    store.first(key);
    Deno.utimeSync(`${state.path}/told/${key}`, seconds, seconds);
  }
  assertEquals(store.first("one more"), true);
  assertEquals([state.names("told").length, store.first("key-1000"), store.first("key-0")], [502, false, true]);
});

Deno.test("FileStore leaves nothing behind that a change needed on its way", async () => {
  using state = new StateFolder();
  for (const body of [1, 2, 3]) {
    await state.store().change((tx) => {
      for (let count = 0; count < body; count++) putNumber(tx, `a/${count}`, body);
    });
  }
  assertEquals([state.names(), state.names("a")], [["a", "mutex"], ["0.json", "1.json", "2.json"]]);
});

/** What a process left behind that was killed on its way, and what the next one makes of it. */
const leftBehind: Readonly<Record<string, readonly [files: Record<string, string>, found: readonly unknown[]]>> = {
  "finishes a change that counts": [
    {
      mutex: '7\n[{"from":"staged-0","to":"a"},{"to":"b"}]\n',
      "staged-0": '{"v":1,"number":2}',
      "b.json": '{"v":1,"number":1}',
    },
    [2, undefined],
  ],
  "finishes a change that was half carried out": [
    { mutex: '7\n[{"from":"staged-0","to":"a"},{"to":"b"}]\n', "a.json": '{"v":1,"number":2}' },
    [2, undefined],
  ],
  "drops a change whose steps are not whole": [
    {
      mutex: '7\n[{"from":"staged-0","to":"a"},{"to":',
      "staged-0": '{"v":1,"number":2}',
      "a.json": '{"v":1,"number":1}',
    },
    [1, undefined],
  ],
  "drops a change that was only staged": [{ mutex: "7\n", "staged-0": '{"v":1,"number":2}' }, [undefined, undefined]],
  "follows no step out of its folder": [
    { mutex: '7\n[{"from":"staged-0","to":"../a"},{"to":"b"}]\n', "b.json": '{"v":1,"number":1}' },
    [undefined, 1],
  ],
};

for (const [fact, [files, found]] of Object.entries(leftBehind)) {
  Deno.test(`FileStore change() ${fact}`, async () => {
    using state = new StateFolder();
    for (const [name, text] of Object.entries(files)) state.write(name, text);
    const store = state.store();
    const [fence, ...numbers] = await store.change((tx) => [tx.fence(), getNumber(tx, "a"), getNumber(tx, "b")]);
    assertEquals([fence, ...numbers], [8, ...found]);
    await store.change((tx) => (putNumber(tx, "a", 5), putNumber(tx, "b", 5)));
    assertEquals(await store.change((tx) => [tx.fence(), getNumber(tx, "a")]), [9, 5]);
  });
}

Deno.test("FileStore fence() begins above all others when the counter was lost", async () => {
  using state = new StateFolder();
  const fence = await state.store().change((tx) => tx.fence());
  for (const text of ["", "rubbish\n", "-1\n", "\0\0\0"]) {
    state.write("mutex", text);
    const next = await state.store().change((tx) => tx.fence());
    assertEquals(next >= fence, true, JSON.stringify(text));
  }
});

Deno.test("FileStore change() says why it cannot have its state", async () => {
  using state = new StateFolder();
  state.write("x", "");
  const store = new FileStore(`${state.path}/x/y`, () => {});
  const error = await assertRejects(
    () => store.change(() => {}),
    TruceError,
    `Cannot use the state in "${state.path}/x/y": a part of the path is a file`,
  );
  assertEquals([error.kind, error.hint], [
    "unavailable",
    "Free or repair it, or set TRUCE_STATE_DIR to another folder",
  ]);
});
