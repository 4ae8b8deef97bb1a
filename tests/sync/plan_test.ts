import { TruceError } from "../../src/base/error.ts";
import type { WantedFile } from "../../src/sync/model.ts";
import { sayPlan } from "../../src/sync/diff.ts";
import { decide } from "../../src/sync/plan/decide.ts";
import { bytesOf } from "../../src/sync/content.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { FakeSync, said } from "../support/fake_sync.ts";
import { below, diceOf, oneOf, randomJson, randomToml, randomValue } from "../support/random_file.ts";

const toml = "/p/config.toml";
const json = "/p/x.json";
const text = "/p/AGENTS.md";
const filesMax = 400;

// What is wanted, what is there and what was written last: a, b and c are hashes, - is nothing, ! is theirs.
const decisions = `
  a - -   add write ours
  a a -   unchanged keep none
  a b -   conflict keep none
  a a a   unchanged keep ours
  a b a   drift keep last
  a - a   drift keep last
  b a a   change write ours
  b b a   unchanged keep ours
  b c a   conflict keep last
  b - a   conflict keep last
  - a a   remove remove none
  - b a   conflict keep last
  - - a   unchanged keep none
  a b a!  unchanged keep theirs
  a - a!  unchanged keep theirs
  a a a!  unchanged keep theirs
  b c a!  conflict keep last
  b b a!  unchanged keep theirs
  - b a!  unchanged keep none
`;
const forcedOurs = `
  a a -   unchanged keep ours
  a b -   change write ours
  a b a   change write ours
  a - a   add write ours
  b c a   change write ours
  - b a   remove remove none
  - b a!  unchanged keep none
  a b a!  change write ours
`;
const forcedTheirs = `
  a - -   add write ours
  a b -   unchanged keep theirs
  a b a   unchanged keep theirs
  a - a   unchanged keep theirs
  b a a   change write ours
  b c a   unchanged keep theirs
  - a a   unchanged keep none
  - b a   unchanged keep none
`;

for (const [force, table] of [[undefined, decisions], ["ours", forcedOurs], ["theirs", forcedTheirs]] as const) {
  for (const row of table.trim().split("\n")) {
    const [wanted, actual, last, ...decided] = row.trim().split(/\s+/);
    Deno.test(`decide() of ${wanted} ${actual} ${last}${force ? ` with force ${force}` : ""} is ${decided.join(", ")}`, () => {
      const hash = (name: string) => name === "-" ? undefined : name;
      const written = last === "-" ? undefined : { hash: last[0], isTheirs: last.endsWith("!") };
      const { kind, act, memory } = decide({ wanted: hash(wanted), actual: hash(actual), last: written, force });
      assertEquals([kind, act, memory].join(" "), decided.join(" "));
    });
  }
}

Deno.test("planFor() adds, changes and removes single values, and is in step after each", async () => {
  const sync = new FakeSync();
  sync.write(toml, '# mine\nmodel = "x"\n\n[mcp_servers.mine]\ncommand = "m"\n');
  const before = sync.text(toml);
  const [one, two] = [{ command: "a" }, { command: "b", args: ["x"] }];
  assertEquals(await sync.sync([keys(toml, { "/mcp_servers/fs": one })]), [`add /mcp_servers/fs of ${toml}`]);
  assertEquals(sync.text(toml), `${before}\n[mcp_servers.fs]\ncommand = "a"\n`);
  await assertInStep(sync, [keys(toml, { "/mcp_servers/fs": one })]);
  assertEquals(await sync.sync([keys(toml, { "/mcp_servers/fs": two })]), [`change /mcp_servers/fs of ${toml}`]);
  assertEquals(sync.text(toml), `${before}\n[mcp_servers.fs]\ncommand = "b"\nargs = ["x"]\n`);
  await assertInStep(sync, [keys(toml, { "/mcp_servers/fs": two })]);
  assertEquals(await sync.sync([]), [`remove /mcp_servers/fs of ${toml}`]);
  assertEquals(sync.text(toml), before);
  assertEquals(sync.record.files, {});
});

Deno.test("planFor() removes the files and the objects that it made, and no others", async () => {
  const sync = new FakeSync();
  sync.write("/p/theirs.json", '{\n  "mcp": {}\n}\n');
  sync.write("/p/theirs.md", "");
  const wanted = [
    keys(json, { "/mcp/a": { x: 1 }, "/deep/er/b": 2 }),
    keys(toml, { "/mcp_servers/a/command": "x" }),
    keys("/p/theirs.json", { "/mcp/a": 1, "/other/b": 1 }),
    block("/p/theirs.md", "x"),
    block(text, "x"),
    whole("/p/own.rules", "x\n"),
    link("/p/skill", "../s"),
  ];
  await sync.sync(wanted);
  await assertInStep(sync, wanted);
  assertEquals(
    sync.text(json),
    '{\n  "mcp": {\n    "a": {\n      "x": 1\n    }\n  },\n  "deep": {\n    "er": {\n      "b": 2\n    }\n  }\n}\n',
  );
  await sync.sync([]);
  assertEquals(["/p/theirs.json", "/p/theirs.md"], [...sync.files.keys()]);
  assertEquals([sync.text("/p/theirs.json"), sync.text("/p/theirs.md")], ['{\n  "mcp": {}\n}\n', ""]);
});

Deno.test("planFor() keeps a file that it made once somebody wrote to it", async () => {
  const sync = new FakeSync();
  await sync.sync([keys(json, { "/a": 1 }), keys(toml, { "/a": 1 }), block(text, "x")]);
  sync.write(json, sync.text(json)?.replace("{\n", "{\n  // mine\n") ?? "");
  sync.write(toml, `# mine\n${sync.text(toml)}`);
  sync.write(text, `mine\n${sync.text(text)}`);
  await sync.sync([]);
  assertEquals([json, toml, text].map((path) => sync.text(path)), ["{\n  // mine\n}\n", "# mine\n", "mine\n"]);
});

Deno.test("planFor() never takes over what was there before", async () => {
  const sync = new FakeSync();
  sync.write(json, '{"a": 1, "b": 2}');
  sync.write("/p/own.rules", "mine\n");
  sync.link("/p/skill", "../mine");
  const wanted = [keys(json, { "/a": 1, "/b": 3 }), whole("/p/own.rules", "ours\n"), link("/p/skill", "../ours")];
  assertEquals(await sync.sync(wanted), [
    "conflict /p/own.rules",
    "conflict link of /p/skill",
    `unchanged /a of ${json}`,
    `conflict /b of ${json}`,
  ]);
  assertEquals(sync.record.files, {}, "what is equal by chance is not ours");
  assertEquals(await sync.sync([]), []);
  assertEquals(sync.text(json), '{"a": 1, "b": 2}');

  assertEquals(await sync.sync(wanted, { force: "ours" }), [
    "change /p/own.rules",
    "change link of /p/skill",
    `unchanged /a of ${json}`,
    `change /b of ${json}`,
  ]);
  await assertInStep(sync, wanted);
  await sync.sync([]);
  assertEquals([sync.text(json), sync.text("/p/own.rules"), sync.text("/p/skill")], ["{}", undefined, undefined]);
});

Deno.test("planFor() shows drift and conflict, and writes over neither", async () => {
  const sync = new FakeSync();
  const wanted = (
    n: number,
  ) => [keys(json, { "/a": n, "/b": n }), block(text, `text ${n}`), whole("/p/own", `own ${n}`)];
  await sync.sync(wanted(1));
  sync.write(json, sync.text(json)?.replace('"a": 1', '"a": 5') ?? "");
  sync.write(text, sync.text(text)?.replace("text 1", "text 5") ?? "");
  sync.files.delete("/p/own");
  const edited = [sync.text(json), sync.text(text)];
  assertEquals(await sync.sync(wanted(1)), [
    `drift block of ${text}`,
    "drift /p/own",
    `drift /a of ${json}`,
    `unchanged /b of ${json}`,
  ]);
  assertEquals([sync.text(json), sync.text(text)], edited);
  assertEquals(await sync.sync(wanted(2)), [
    `conflict block of ${text}`,
    "conflict /p/own",
    `conflict /a of ${json}`,
    `change /b of ${json}`,
  ]);
  assertEquals(sync.text(json), '{\n  "a": 5,\n  "b": 2\n}\n');
  assertEquals(await sync.sync([]), [`conflict block of ${text}`, `conflict /a of ${json}`, `remove /b of ${json}`]);

  assertEquals((await sync.sync(wanted(3), { force: "theirs" })).filter((one) => !one.startsWith("unchanged")), [
    "add /p/own",
    `add /b of ${json}`,
  ]);
  await assertInStep(sync, wanted(3));
  assertEquals((await sync.sync(wanted(4))).filter((one) => one.startsWith("conflict")), [
    `conflict block of ${text}`,
    `conflict /a of ${json}`,
  ]);
  await sync.sync(wanted(4), { force: "ours" });
  await assertInStep(sync, wanted(4));
  assertEquals(sync.text(json), '{\n  "a": 4,\n  "b": 4\n}\n');
});

Deno.test("planFor() knows the block of another machine's truce by its mark", async () => {
  const there = new FakeSync();
  await there.sync([block(text, "one")]);
  const here = new FakeSync();
  here.write(text, there.text(text) ?? "");
  assertEquals(await here.sync([block(text, "two")]), [`change block of ${text}`]);
  const third = new FakeSync();
  third.write(text, there.text(text)?.replace("one", "my own") ?? "");
  assertEquals(await third.sync([block(text, "two")]), [`conflict block of ${text}`]);
  assertEquals(await third.sync([block(text, "one")]), [`drift block of ${text}`]);
});

Deno.test("planFor() makes one of what several targets want of a file", async () => {
  const sync = new FakeSync();
  const wanted = [
    { target: "a", files: [keys(json, { "/a": 1 }), block(text, "shared\n"), link("/p/skill", "../s")] },
    { target: "b", files: [keys(json, { "/b": 2 }), block(text, "shared"), link("/p/skill", "../s")] },
  ];
  assertEquals(await sync.sync(wanted), [
    `add block of ${text}`,
    "add link of /p/skill",
    `add /a of ${json}`,
    `add /b of ${json}`,
  ]);
  // One target is left out of a run: what is its own stays. One that wants nothing any more leaves what the other wants.
  assertEquals(await sync.sync([{ target: "a", files: [] }]), [`remove /a of ${json}`]);
  assertEquals([sync.text(json), sync.text("/p/skill")], ['{\n  "b": 2\n}\n', "→ ../s"]);
  await sync.sync([{ target: "b", files: [] }]);
  assertEquals([...sync.files.keys()], []);
});

const disagreements: Record<string, WantedFile[][]> = {
  "two texts": [[block(text, "a")], [block(text, "b")]],
  "a block and a file of its own": [[block(text, "a")], [whole(text, "a")]],
  "two values": [[keys(json, { "/a": 1 })], [keys(json, { "/a": 2 })]],
  "a value within another": [[keys(json, { "/a": { b: 1 } })], [keys(json, { "/a/b": 1 })]],
  "two orders": [[keys(json, { "/a": 1 }, "last")], [keys(json, { "/a": 1 })]],
  "two links": [[link("/p/l", "a")], [link("/p/l", "b")]],
  "a link and a file": [[link("/p/l", "a")], [whole("/p/l", "b")]],
};

for (const [name, [a, b]] of Object.entries(disagreements)) {
  Deno.test(`planFor() refuses targets that want ${name}`, async () => {
    const wanted = [{ target: "a", files: a }, { target: "b", files: b }];
    await assertRejects(() => new FakeSync().plan(wanted), TruceError, "two targets want something else");
  });
}

Deno.test("planFor() gathers by the place where the bytes are", async () => {
  const sync = new FakeSync();
  sync.write("/p/CLAUDE.md", "source\n");
  sync.link(text, "CLAUDE.md");
  sync.link("/p/GEMINI.md", "/p/real.md");
  sync.write("/p/real.md", "real\n");
  const wanted = [block(text, "x"), block("/p/GEMINI.md", "x"), block("/p/real.md", "x")];
  assertEquals(await sync.sync(wanted, { sources: ["/p/CLAUDE.md"] }), [
    `unchanged block of ${text}`,
    "add block of /p/GEMINI.md",
  ]);
  assertEquals([sync.text("/p/CLAUDE.md"), sync.text("/p/GEMINI.md")], ["source\n", "→ /p/real.md"]);
  assertEquals((await sync.plan(wanted, { sources: ["/p/CLAUDE.md"] })).record, sync.record);
});

Deno.test("planFor() keeps values in their place where order decides", async () => {
  const sync = new FakeSync();
  const wanted = [keys(json, { "/p/bash/*": "ask", "/p/bash/rm *": "deny" }, "last")];
  sync.write(json, '{ "p": { "bash": { "git *": "allow" } } }');
  await sync.sync(wanted);
  assertEquals(Object.keys(JSON.parse(sync.text(json) ?? "").p.bash), ["git *", "*", "rm *"]);
  await assertInStep(sync, wanted);
  sync.write(json, '{"p":{"bash":{"*":"ask","rm *":"deny","rm -rf *":"allow"}}}');
  assertEquals(await sync.sync(wanted), [`change /p/bash/* of ${json}`, `change /p/bash/rm * of ${json}`]);
  assertEquals(Object.keys(JSON.parse(sync.text(json) ?? "").p.bash), ["rm -rf *", "*", "rm *"]);
});

Deno.test("planFor() says when a value that was there before stands where it does not decide", async () => {
  const sync = new FakeSync();
  sync.write(json, '{"p":{"rm *":"deny","*":"allow"}}');
  const wanted = [keys(json, { "/p/rm *": "deny" }, "last")];
  assertEquals(await sync.sync(wanted), [`conflict /p/rm * of ${json}`]);
  assertEquals(await sync.sync(wanted, { force: "ours" }), [`change /p/rm * of ${json}`]);
  assertEquals(sync.text(json), '{"p":{"*":"allow", "rm *":"deny"}}');
});

Deno.test("planFor() owns elements of a list by their value", async () => {
  const sync = new FakeSync();
  sync.write(json, '{ "files": ["GEMINI.md", "AGENTS.md"] }');
  const wanted = [
    elements(json, "/files/-", ["AGENTS.md", "CLAUDE.md"]),
    elements(json, "/hooks/Stop/-", [{ run: "x" }]),
  ];
  assertEquals(await sync.sync(wanted), [
    `unchanged /files/- of ${json}`,
    `add /files/- of ${json}`,
    `add /hooks/Stop/- of ${json}`,
  ]);
  assertEquals(JSON.parse(sync.text(json) ?? ""), {
    files: ["GEMINI.md", "AGENTS.md", "CLAUDE.md"],
    hooks: { Stop: [{ run: "x" }] },
  });
  await assertInStep(sync, wanted);
  assertEquals(await sync.sync([elements(json, "/hooks/Stop/-", [{ run: "y" }])]), [
    `remove /files/- of ${json}`,
    `remove /hooks/Stop/- of ${json}`,
    `add /hooks/Stop/- of ${json}`,
  ]);
  await sync.sync([]);
  assertEquals(JSON.parse(sync.text(json) ?? ""), { files: ["GEMINI.md", "AGENTS.md"] });
});

Deno.test("planFor() meets a value where an object is needed", async () => {
  const sync = new FakeSync();
  sync.write(json, '{ "permission": "deny" }');
  const wanted = [keys(json, { "/permission/bash/x": "ask" })];
  const plan = await sync.plan(wanted);
  assertEquals(plan.files[0].changes[0].why, 'there is a value at "/permission", where an object is needed');
  assertEquals(said(plan), [`conflict /permission/bash/x of ${json}`]);
  await sync.sync(wanted, { force: "ours" });
  assertEquals(JSON.parse(sync.text(json) ?? ""), { permission: { bash: { x: "ask" } } });
});

Deno.test("planFor() follows a change of what is wanted within one file and below one path", async () => {
  const sync = new FakeSync();
  await sync.sync([keys(json, { "/s/fs": { command: "x", args: [] } }), link("/p/skill", "../s"), whole("/p/w", "x")]);
  const next = [
    keys(json, { "/s/fs/command": "x", "/s/fs/url": "y" }),
    whole("/p/skill/SKILL.md", "now a file"),
    link("/p/w", "../w"),
  ];
  assertEquals(await sync.sync(next), [
    "remove link of /p/skill",
    "add /p/skill/SKILL.md",
    "remove /p/w",
    "add link of /p/w",
    `remove /s/fs of ${json}`,
    `add /s/fs/command of ${json}`,
    `add /s/fs/url of ${json}`,
  ]);
  assertEquals(JSON.parse(sync.text(json) ?? ""), { s: { fs: { command: "x", url: "y" } } });
});

Deno.test("planFor() puts a link where a folder of its own was, and only there", async () => {
  const sync = new FakeSync();
  await sync.sync([whole("/p/skill/SKILL.md", "x")]);
  const folder = (names: string[]) => {
    const files = names.map((path) => ({ path, mode: 0o644, bytes: bytesOf("x") }));
    sync.files.set("/p/skill", { kind: "tree", files });
  };
  folder(["SKILL.md"]);
  assertEquals(said(await sync.plan([link("/p/skill", "../s")])), [
    "conflict link of /p/skill",
    "remove /p/skill/SKILL.md",
  ]);
  sync.record = { ...sync.record, folders: ["/p/skill"] };
  assertEquals(said(await sync.plan([link("/p/skill", "../s")])), ["add link of /p/skill", "remove /p/skill/SKILL.md"]);
  folder(["SKILL.md", "mine.md"]);
  assertEquals(said(await sync.plan([link("/p/skill", "../s")])), [
    "conflict link of /p/skill",
    "remove /p/skill/SKILL.md",
  ]);
});

Deno.test("planFor() refuses a file that it cannot understand, and names it", async () => {
  const cases: [path: string, bytes: string | Uint8Array<ArrayBuffer>, message: string][] = [
    [json, "{", "it is no JSON, line 1"],
    [toml, "a", "it is no TOML, line 1"],
    [json, new Uint8Array([0x7b, 0xff, 0x7d]), "it is no UTF-8 text"],
  ];
  for (const [path, bytes, message] of cases) {
    const sync = new FakeSync();
    sync.files.set(path, { kind: "file", bytes: typeof bytes === "string" ? bytesOf(bytes) : bytes });
    await assertRejects(() => sync.plan([keys(path, { "/a": 1 })]), TruceError, `Cannot read "${path}": ${message}`);
  }
});

Deno.test(`planFor() is in step with what it did to ${filesMax} random files, and leaves no trace when all goes again`, async () => {
  for (let seed = 0; seed < filesMax; seed++) {
    const dice = diceOf(seed);
    const isToml = dice(2) === 0;
    const { text, objects } = isToml ? randomToml(dice) : randomJson(dice);
    if (objects.length === 0) continue;
    const path = isToml ? toml : json;
    const order = isToml ? undefined : oneOf(dice, [undefined, "first", "last"] as const);
    const wanted = () => {
      const names = Array.from({ length: 1 + dice(4) }, (_, i) => below(oneOf(dice, objects).pointer, `new ${i}`));
      const deeper = names.map((name) => name + oneOf(dice, ["", "", "/deep"]));
      return keys(path, Object.fromEntries(deeper.map((name) => [name, randomValue(dice)])), order);
    };
    const sync = new FakeSync();
    sync.write(path, text);
    for (let stage = 0; stage < 3; stage++) {
      const files = [wanted()];
      const done = await sync.sync(files);
      assertEquals(done.filter((one) => /^(?:drift|conflict)/.test(one)), [], `seed ${seed}`);
      await assertInStep(sync, files);
    }
    await sync.sync([]);
    assertEquals(sync.text(path), text, `seed ${seed}`);
  }
});

Deno.test("sayPlan() shows values by their names, and no secrets", async () => {
  const sync = new FakeSync();
  sync.write(toml, '[s.old]\nurl = "https://u:pass@x.org/?token=abc"\n\n[s.mine]\nn = 1\n');
  sync.record =
    (await sync.plan([keys(toml, { "/s/old": { url: "https://u:pass@x.org/?token=abc" } })], { force: "ours" })).record;
  const wanted = keys(toml, {
    "/s/fs": {
      command: "x",
      env: { TOKEN: "hunter2", KEEP: "plain" },
      env_http_headers: { Authorization: "MY_TOKEN" },
      headers: { Authorization: "Bearer ${GITHUB_TOKEN}" },
      args: ["--api-key", "secret", "ghp_0123456789abcdefghij"],
    },
    "/s/mine": { n: 2 },
  });
  const text = sayPlan(await sync.plan([wanted]), (path) => path.slice(3));
  assertEquals(
    text,
    `config.toml
  - s.old.url = "https://***@x.org/?token=***"
  + s.fs.command = "x"
  + s.fs.env.TOKEN = "***"
  + s.fs.env.KEEP = "plain"
  + s.fs.env_http_headers.Authorization = "MY_TOKEN"
  + s.fs.headers.Authorization = "Bearer \${GITHUB_TOKEN}"
  + s.fs.args = ["--api-key","***","***"]
  ! s.mine: conflict: it was there before, and truce did not write it
      ~ s.mine.n = 1 → 2
`,
  );
});

Deno.test("sayPlan() shows texts line by line, and links", async () => {
  const sync = new FakeSync();
  await sync.sync([block(text, "one\n  two\nthree"), link("/p/l", "../a")]);
  const plan = await sync.plan([block(text, "one\n  2\x1b[31m\nthree"), link("/p/l", "../b"), whole("/p/new", "x\n")]);
  assertEquals(
    sayPlan(plan, (path) => path.slice(3)),
    `AGENTS.md
  @@ -1,3 +1,3 @@
   one
  -  two
  +  2
   three

l
  - link to ../a
  + link to ../b

new (new)
  @@ -1,0 +1,1 @@
  +x
`,
  );
  const next = [block(text, "one\n  two\nthree"), link("/p/l", "../a")];
  assertEquals(sayPlan(await sync.plan(next), (path) => path), "");
});

async function assertInStep(sync: FakeSync, wanted: readonly WantedFile[]): Promise<void> {
  const plan = await sync.plan(wanted);
  assertEquals(said(plan).filter((one) => !one.startsWith("unchanged")), []);
  assertEquals(plan.files.filter(({ before, after }) => before !== after), []);
  assertEquals(plan.record, sync.record);
}

function keys(path: string, values: Record<string, unknown>, order?: "first" | "last"): WantedFile {
  const entries = Object.entries(values).map(([pointer, value]) => ({ pointer, value }));
  return { kind: "keys", path, format: path.endsWith(".toml") ? "toml" : "json", entries, order };
}

function elements(path: string, pointer: string, values: readonly unknown[]): WantedFile {
  return { kind: "keys", path, format: "json", entries: values.map((value) => ({ pointer, value })) };
}

function block(path: string, text: string): WantedFile {
  return { kind: "block", path, text };
}

function whole(path: string, text: string): WantedFile {
  return { kind: "whole", path, text };
}

function link(path: string, to: string): WantedFile {
  return { kind: "link", path, to };
}
