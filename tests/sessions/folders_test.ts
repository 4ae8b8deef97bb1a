import type { FolderEvent } from "../../src/base/folder_event.ts";
import { folderEvents } from "../../src/hosts/claude_transcript.ts";
import { type FolderNews, foldersAfter, foldersOfSession, syncFolders } from "../../src/sessions/folders.ts";
import { asSession, save, type Session, sessionKey } from "../../src/sessions/session.ts";
import type { Store } from "../../src/store/store.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { Machine } from "../support/machine.ts";

const holder = { key: "a0b1", label: "claude session a" };
const agent = { key: "c2d3", label: 'claude session a (agent "t")', parent: holder.key };

/** Reads `=/cwd +/a` as an environment, and each other word as one event. */
function events(words: string): FolderEvent[] {
  if (words.startsWith("=")) {
    const [cwd, ...added] = words.split(" ");
    return [{ kind: "all", cwd: cwd.slice(1), added: added.map((word) => word.slice(1)) }];
  }
  const kinds = { "+": "added", "-": "removed" } as const;
  return words.split(" ").filter((word) => word !== "").map((word) => (
    { kind: kinds[word[0] as keyof typeof kinds], folder: word.slice(1) }
  ));
}

/** The folders before, what happens, seen from /repo, and the folders after. */
const plays: readonly (readonly [before: string, events: readonly string[], after: string])[] = [
  // The root is what was seen first.
  ["", [], "/repo"],
  ["", ["+/a"], "/repo /a"],
  ["", ["=/other"], "/other"],
  ["", ["+/a", "=/other +/b"], "/other /b"],
  ["", ["=/other", "=/other/sub", "=/a +/a"], "/other /a"],
  // What was added and removed, in order.
  ["/repo", ["+/a +/b +/a"], "/repo /b /a"],
  ["/repo", ["+/a -/a"], "/repo"],
  ["/repo", ["+/a -/a +/a"], "/repo /a"],
  ["/repo /a", ["-/a", "+/a", "-/a"], "/repo"],
  ["/repo /a", ["-/b"], "/repo /a"],
  ["/repo", ["-/repo +/repo"], "/repo"],
  // Spellings.
  ["/repo", ["+/a/ +/a/../b +./lib +../c"], "/repo /a /b /repo/lib /c"],
  ["/repo /a", ["-/x/../a/"], "/repo"],
  ["/repo", ["=/repo/ +/a/"], "/repo /a"],
  // All: what is not named is gone, and the root stays wherever the shell is.
  ["/repo /a /b", ["=/repo +/b +/c"], "/repo /b /c"],
  ["/repo /a", ["=/repo"], "/repo"],
  ["/repo /a", ["=/repo/src +/a"], "/repo /a"],
  ["/repo /a", ["=/a +/a"], "/repo /a"],
  ["/repo /a", ["=/a/deep +/a"], "/repo /a"],
  ["/repo /a", ["=/a"], "/repo /a"],
  ["/repo", ["=/repo2"], "/repo /repo2"],
  ["/repo", ["=/repo2", "=/repo2/sub", "=/repo"], "/repo"],
  // A root that was learned in a sub-folder is corrected by what is around it, but not by an added one.
  ["/repo/sub", ["=/repo"], "/repo"],
  ["/repo/sub /a", ["=/repo +/a"], "/repo /a"],
  ["/repo", ["=/ +/"], "/repo /"],
];

for (const [before, happened, after] of plays) {
  Deno.test(`foldersAfter() makes of "${before}" and ${happened.join(", ") || "nothing"}: ${after}`, () => {
    const folders = before === "" ? [] : before.split(" ");
    assertEquals(foldersAfter(folders, happened.flatMap(events), "/repo").join(" "), after);
  });
}

Deno.test("foldersAfter() keeps the root and the newest of too many, and no path that no system has", () => {
  const many = Array.from({ length: 100 }, (_, i) => `/f${i}`);
  const folders = foldersAfter(["/repo"], events(many.map((folder) => `+${folder}`).join(" ")), "/repo");
  assertEquals([folders.length, folders[0], folders[1], folders.at(-1)], [64, "/repo", "/f37", "/f99"]);
  assertEquals(foldersAfter(["/repo"], [{ kind: "added", folder: `/${"x".repeat(5000)}` }], "/repo"), ["/repo"]);
});

/** A session in real folders, and a daemon that takes their names down (`using`). */
class Scene implements Disposable {
  readonly root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "truce-folders-" }));
  machine = new Machine();
  readonly transcript = `${this.root}/transcript.jsonl`;
  readonly logged: string[] = [];
  /** What the daemon was told, and what it does about it. */
  readonly told: string[] = [];
  /** What each daemon was told last. */
  readonly known = new Map<string, string>();
  daemon: string | undefined = "daemon 1";
  answer: () => Promise<boolean> = () => Promise.resolve(true);
  /** Is done before a change of the state, once. */
  beforeChange: (() => Promise<unknown>) | undefined;
  /** Is waited for before and after a change of the state, and before and after a daemon hears something. */
  pause: (() => Promise<void>) | undefined;
  readers = 0;
  changes = 0;

  constructor(...folders: string[]) {
    for (const folder of ["repo", ...folders]) Deno.mkdirSync(`${this.root}/${folder}`, { recursive: true });
  }

  /** Writes lines of output of /add-dir and /permissions: `+a` or `-a`; or an environment: `=repo +a`. */
  happen(words: string, options: Deno.WriteFileOptions = { append: true }): void {
    const lines = events(words).map((event) => JSON.stringify(this.#record(event)));
    Deno.writeTextFileSync(this.transcript, lines.map((line) => `${line}\n`).join(""), options);
  }

  /** Does what a hook does, in `repo` unless it says otherwise; returns the folders. */
  async sync(news: Partial<FolderNews> = {}): Promise<string> {
    const { time } = this.machine;
    const reader = () => {
      this.readers++;
      return Promise.resolve(folderEvents);
    };
    const folders = await syncFolders(
      { store: this.#store(), clock: time, log: (fact) => this.logged.push(fact) },
      { holder, cwd: `${this.root}/repo`, transcript: { path: this.transcript, reader }, ...news },
      {
        running: () => this.daemon,
        take: async (folders) => {
          await this.pause?.();
          const isTaken = await this.answer();
          if (this.daemon === undefined) return false;
          this.told.push(this.#short(folders));
          this.known.set(this.daemon, this.#short(folders));
          await this.pause?.();
          return isTaken;
        },
      },
    );
    return this.#short(folders);
  }

  session(): Session | undefined {
    return this.machine.store.peek(sessionKey(holder.key), asSession);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }

  #store(): Store {
    const { store } = this.machine;
    return {
      peek: (key, decode) => store.peek(key, decode),
      list: (prefix) => store.list(prefix),
      watch: (key) => store.watch(key),
      first: (key) => store.first(key),
      change: async (body) => {
        this.changes++;
        const { beforeChange } = this;
        this.beforeChange = undefined;
        await beforeChange?.();
        await this.pause?.();
        const result = await store.change(body);
        await this.pause?.();
        return result;
      },
    };
  }

  #short(folders: readonly string[]): string {
    return folders.map((folder) => folder.slice(this.root.length + 1)).join(" ");
  }

  #record(event: FolderEvent): unknown {
    const at = (folder: string) => `${this.root}/${folder}`;
    if (event.kind === "all") {
      const snapshot = { workingDirectory: at(event.cwd), additionalWorkingDirectories: event.added.map(at) };
      return { type: "attachment", attachment: { type: "environment", snapshot } };
    }
    const folder = `\x1b[1m${at(event.folder)}\x1b[22m`;
    const printed = event.kind === "added"
      ? `Added ${folder} as a working directory for this session`
      : `Removed directory ${folder} from workspace`;
    return { type: "user", message: { content: `<local-command-stdout>${printed}</local-command-stdout>` } };
  }
}

Deno.test("syncFolders() tells the root, and every change once", async () => {
  using scene = new Scene("a", "b");
  assertEquals(await scene.sync(), "repo");
  scene.happen("=repo +a");
  assertEquals(await scene.sync(), "repo a");
  scene.happen("+b");
  assertEquals(await scene.sync(), "repo a b");
  assertEquals(await scene.sync(), "repo a b");
  scene.happen("-a");
  assertEquals(await scene.sync(), "repo b");
  assertEquals(scene.told, ["repo", "repo a", "repo a b", "repo b"]);
});

Deno.test("syncFolders() changes nothing and loads nothing when nothing is new", async () => {
  using scene = new Scene("a");
  scene.happen("=repo +a");
  await scene.sync();
  scene.changes = scene.readers = 0;
  await scene.sync();
  assertEquals([scene.changes, scene.readers, scene.told], [0, 0, ["repo a"]]);
  Deno.writeTextFileSync(scene.transcript, `{"type":"assistant"}\n`, { append: true });
  await scene.sync();
  // The head of a short transcript has grown; what comes behind a whole head is not worth a change.
  scene.changes = 0;
  const filler = `{"type":"assistant","text":"${"x".repeat(5000)}"}\n`;
  Deno.writeTextFileSync(scene.transcript, filler, { append: true });
  await scene.sync();
  assertEquals(scene.changes, 1);
  for (let i = 0; i < 10; i++) {
    Deno.writeTextFileSync(scene.transcript, filler, { append: true });
    await scene.sync();
  }
  assertEquals(scene.changes, 1);
  Deno.writeTextFileSync(scene.transcript, filler.repeat(60), { append: true });
  await scene.sync();
  assertEquals(scene.changes, 2);
  assertEquals(scene.session()?.folderSync?.transcript?.offset, Deno.statSync(scene.transcript).size);
});

Deno.test("syncFolders() reads a copy in the transcript's place once", async () => {
  using scene = new Scene();
  Deno.writeTextFileSync(scene.transcript, `{"type":"assistant"}\n`);
  await scene.sync();
  Deno.copyFileSync(scene.transcript, `${scene.transcript}.copy`);
  Deno.renameSync(`${scene.transcript}.copy`, scene.transcript);
  scene.readers = 0;
  assertEquals([await scene.sync(), await scene.sync(), scene.readers], ["repo", "repo", 1]);
});

Deno.test("syncFolders() does not read again what was before a folder that a hook without a transcript added", async () => {
  using scene = new Scene("a");
  Deno.writeTextFileSync(scene.transcript, `${" ".repeat(5000)}\n`);
  await scene.sync();
  scene.happen("=repo");
  await scene.sync();
  await scene.sync({ added: `${scene.root}/a`, transcript: undefined });
  assertEquals(await scene.sync(), "repo a");
});

Deno.test("syncFolders() keeps the root when the host works in a folder below, or in an added one", async () => {
  using scene = new Scene("repo/sub", "a");
  scene.happen("=repo +a");
  await scene.sync();
  for (const cwd of ["repo/sub", "a"]) {
    assertEquals(await scene.sync({ cwd: `${scene.root}/${cwd}` }), "repo a");
    scene.happen(`=${cwd} +a`);
    assertEquals(await scene.sync({ cwd: `${scene.root}/${cwd}` }), "repo a");
  }
  assertEquals(scene.told, ["repo a"]);
});

Deno.test("syncFolders() learns the root from the transcript when the first hook came from below it", async () => {
  using scene = new Scene("repo/sub", "a");
  assertEquals(await scene.sync({ cwd: `${scene.root}/repo/sub`, transcript: undefined }), "repo/sub");
  scene.happen("=repo +a");
  assertEquals(await scene.sync({ cwd: `${scene.root}/repo/sub` }), "repo a");
});

Deno.test("syncFolders() takes what the host says was added just now, and what is removed later", async () => {
  using scene = new Scene("a");
  await scene.sync();
  assertEquals(await scene.sync({ added: `${scene.root}/a` }), "repo a");
  scene.happen("+a");
  assertEquals(await scene.sync(), "repo a");
  scene.happen("-a");
  assertEquals(await scene.sync(), "repo");
  assertEquals(scene.told, ["repo", "repo a", "repo"]);
});

Deno.test("syncFolders() tells again what a daemon did not take over", async () => {
  using scene = new Scene("a", "b");
  scene.happen("=repo +a");
  const refusals = [() => Promise.resolve(false), () => Promise.reject(new Error("lost")), () => Promise.resolve(true)];
  for (const refusal of refusals) {
    scene.answer = refusal;
    assertEquals(await scene.sync(), "repo a");
  }
  await scene.sync();
  assertEquals([scene.told, scene.logged], [["repo a", "repo a"], ["folders were not told"]]);
});

Deno.test("syncFolders() tells a set again that was told in vain after another was taken over", async () => {
  using scene = new Scene("a");
  await scene.sync();
  scene.happen("+a");
  scene.answer = () => Promise.resolve(false);
  await scene.sync();
  // The daemon may have understood that, or not: the old set is not known to hold.
  scene.happen("-a");
  scene.answer = () => Promise.resolve(true);
  await scene.sync();
  await scene.sync();
  assertEquals(scene.told, ["repo", "repo a", "repo"]);
});

Deno.test("syncFolders() tells the next daemon, once it runs", async () => {
  using scene = new Scene("a");
  scene.daemon = undefined;
  assertEquals(await scene.sync(), "repo");
  scene.daemon = "daemon 1";
  await scene.sync();
  scene.daemon = undefined;
  await scene.sync();
  scene.daemon = "daemon 2";
  await scene.sync();
  await scene.sync();
  assertEquals(scene.told, ["repo", "repo"]);
  assertEquals(scene.session()?.folderSync?.acknowledged, {
    folders: [`${scene.root}/repo`],
    atMs: scene.machine.time.now().wallMs,
    daemon: "daemon 2",
  });
});

Deno.test("syncFolders() tells a missing folder when it appears, and tells when it is gone", async () => {
  using scene = new Scene();
  scene.happen("=repo +a");
  assertEquals(await scene.sync(), "repo");
  Deno.writeTextFileSync(`${scene.root}/a`, "a file is no folder");
  assertEquals(await scene.sync(), "repo");
  Deno.removeSync(`${scene.root}/a`);
  Deno.mkdirSync(`${scene.root}/a`);
  assertEquals(await scene.sync(), "repo a");
  Deno.removeSync(`${scene.root}/a`);
  assertEquals(await scene.sync(), "repo");
  assertEquals(scene.told, ["repo", "repo a", "repo"]);
  assertEquals(scene.session()?.folders.length, 2);
});

Deno.test("syncFolders() tells folders without links, each once", async () => {
  using scene = new Scene("a");
  Deno.symlinkSync(`${scene.root}/a`, `${scene.root}/link`);
  Deno.symlinkSync(`${scene.root}/repo`, `${scene.root}/project`);
  scene.happen("=project +link +a +repo");
  assertEquals(await scene.sync({ cwd: `${scene.root}/project` }), "repo a");
  assertEquals(scene.told, ["repo a"]);
});

Deno.test("syncFolders() keeps one set for a session and its sub-agents", async () => {
  using scene = new Scene("a", "tree");
  scene.happen("=repo +a");
  await scene.sync();
  assertEquals(await scene.sync({ holder: agent, cwd: `${scene.root}/tree` }), "repo a");
  scene.happen("-a");
  assertEquals(await scene.sync({ holder: agent, cwd: `${scene.root}/tree` }), "repo");
  const session = scene.session();
  assertEquals([session?.holder.label, session?.cwd], [holder.label, `${scene.root}/repo`]);
  assertEquals(scene.machine.store.peek(sessionKey(agent.key), asSession), undefined);
});

Deno.test("syncFolders() reads a transcript that takes another's place from its start", async () => {
  using scene = new Scene("a", "b");
  scene.happen("=repo +a");
  await scene.sync();
  scene.happen("=repo +b", {});
  assertEquals(await scene.sync(), "repo b");
  const other = `${scene.root}/other.jsonl`;
  Deno.renameSync(scene.transcript, other);
  assertEquals(await scene.sync(), "repo b");
  scene.happen("=repo +a");
  assertEquals(await scene.sync(), "repo a");
  const reader = () => Promise.resolve(folderEvents);
  assertEquals(await scene.sync({ transcript: { path: other, reader } }), "repo b");
});

Deno.test("syncFolders() counts what is written while it reads with the next hook", async () => {
  using scene = new Scene("a", "b");
  scene.happen("=repo +a");
  // deno-lint-ignore require-await -- What happens before a change is awaited there.
  scene.beforeChange = async () => scene.happen("+b");
  assertEquals(await scene.sync(), "repo a");
  assertEquals(await scene.sync(), "repo a b");
});

Deno.test("syncFolders() reads again when another hook of the session was faster", async () => {
  using scene = new Scene("a", "b", "c");
  scene.happen("=repo");
  await scene.sync();
  scene.happen("+a");
  scene.beforeChange = () => {
    scene.happen("+b -a");
    return scene.sync();
  };
  assertEquals(await scene.sync({ added: `${scene.root}/c` }), "repo b c");
  assertEquals(await scene.sync(), "repo b c");
  assertEquals(scene.told.at(-1), "repo b c");
});

Deno.test("syncFolders() tells what it has read itself when another hook was faster that has read less", async () => {
  using scene = new Scene("a", "b");
  await scene.sync();
  scene.happen("+a");
  const gate = Promise.withResolvers<void>();
  const isAtGate = new Promise<void>((resolve) => {
    scene.beforeChange = () => {
      resolve();
      return gate.promise;
    };
  });
  const faster = scene.sync();
  await isAtGate;
  scene.happen("+b");
  scene.beforeChange = () => {
    gate.resolve();
    return faster;
  };
  assertEquals([await scene.sync(), await faster], ["repo a b", "repo a"]);
});

Deno.test("syncFolders() keeps what was added just now even when it is never the fastest", async () => {
  using scene = new Scene("a", "b");
  scene.happen("=repo");
  await scene.sync();
  let rounds = 0;
  const overtake = async () => {
    if (rounds++ < 50) {
      scene.happen(`${rounds % 2 ? "+" : "-"}b`);
      await scene.sync();
      scene.beforeChange = overtake;
    }
  };
  scene.beforeChange = overtake;
  scene.happen("+b");
  await scene.sync({ added: `${scene.root}/a` });
  assert(rounds < 20, `${rounds} rounds`);
  scene.beforeChange = undefined;
  assertEquals((await scene.sync()).split(" ").includes("a"), true);
});

/** Hooks of one session that run at once, in an order that chance brings: what is true when they are done. */
for (const seed of Array.from({ length: 20 }, (_, index) => index + 1)) {
  Deno.test(`syncFolders() of hooks at once, by chance ${seed}, loses no folder and has the daemon told the last set`, async () => {
    using scene = new Scene("a", "b", "c");
    const chance = chanceFrom(seed);
    const one = <T>(list: readonly T[]) => list[Math.floor(chance() * list.length)];
    const gates: (() => void)[] = [];
    scene.pause = () => new Promise((resolve) => gates.push(resolve));
    const happened: FolderEvent[] = [];
    const hooks = new Set<Promise<unknown>>();
    for (let started = 0; started < 8 || hooks.size > 0;) {
      await new Promise((resolve) => setTimeout(resolve));
      if (started < 8 && chance() < 0.7) {
        const words = one(["", "", "+a", "-a", "+b", "-b", "+a -b", "=repo +a", "=repo +b"]);
        if (words !== "") scene.happen(words);
        happened.push(...events(words));
        if (chance() < 0.1) scene.daemon = one([`daemon ${++started}`, undefined]);
        const hook = scene.sync(started++ === 4 ? { added: `${scene.root}/c` } : {});
        hooks.add(hook);
        hook.finally(() => hooks.delete(hook));
      }
      gates.splice(Math.floor(chance() * gates.length), 1)[0]?.();
    }
    scene.pause = undefined;
    scene.daemon ??= "daemon 0";
    const { length } = scene.told;
    const folders = await scene.sync();
    assertEquals(folders.replace(" c", ""), foldersAfter(["/repo"], happened, "/").join(" ").replaceAll("/", ""));
    assertEquals(scene.known.get(scene.daemon), folders);
    await scene.sync();
    assert(scene.told.length <= length + 1);
  });
}

Deno.test("syncFolders() has the daemon told the last set in every order in which a few hooks tell theirs", async () => {
  using scene = new Scene("a", "b");
  for (let seed = 1; seed <= 2_000; seed++) {
    const chance = chanceFrom(seed);
    scene.machine = new Machine();
    scene.daemon = "daemon 1";
    scene.known.clear();
    const gates: (() => void)[] = [];
    scene.pause = () => new Promise((resolve) => gates.push(resolve));
    const added = [["a", "b", ""], ["", "", "a"], ["", "a", "", "b"]][seed % 3];
    let open = added.length;
    const hooks = added.map((name) => {
      const news = name === "" ? {} : { added: `${scene.root}/${name}` };
      return scene.sync({ ...news, transcript: undefined }).finally(() => open--);
    });
    for (let turns = 0; open > 0; turns++) {
      for (let tick = 0; tick < 20; tick++) await Promise.resolve();
      gates.splice(Math.floor(chance() * gates.length), 1)[0]?.();
      if (chance() < 0.04) scene.daemon = "daemon 2";
      assert(turns < 200, `hooks of chance ${seed} hang`);
    }
    await Promise.all(hooks);
    scene.pause = undefined;
    const folders = await scene.sync({ transcript: undefined });
    assertEquals(scene.known.get(scene.daemon), folders, `by chance ${seed}`);
  }
});

/** Returns numbers from 0 to 1, the same for the same seed: a linear congruence, as in Numerical Recipes. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}

Deno.test("syncFolders() of two hooks that tell the same at once does not make a third tell it", async () => {
  using scene = new Scene("a");
  scene.happen("=repo +a");
  await scene.sync({ transcript: undefined });
  scene.daemon = "daemon 2";
  const arrived = Promise.withResolvers<void>();
  scene.answer = () => arrived.promise.then(() => true);
  const hooks = [scene.sync({ transcript: undefined }), scene.sync({ transcript: undefined })];
  arrived.resolve();
  await Promise.all(hooks);
  await scene.sync({ transcript: undefined });
  assertEquals(scene.told, ["repo", "repo", "repo"]);
});

Deno.test("syncFolders() goes on without a transcript that cannot be read, and says so in the log", async () => {
  using scene = new Scene();
  const reader = () => Promise.reject(new Error("broken"));
  scene.happen("+a");
  assertEquals(await scene.sync({ transcript: { path: scene.transcript, reader } }), "repo");
  assertEquals(scene.logged, ["a transcript cannot be read"]);
  assertEquals(await scene.sync({ transcript: { path: "transcript.jsonl", reader } }), "repo");
  assertEquals(scene.logged.length, 1);
});

Deno.test("syncFolders() finds out again what is damaged of what it keeps", async () => {
  using scene = new Scene("a");
  scene.happen("=repo +a");
  await scene.sync();
  const session = scene.session();
  const broken: unknown[] = [5, [], { revision: "1" }, { revision: 1, transcript: {} }, { acknowledged: [] }];
  for (const folderSync of broken) {
    await scene.machine.store.change((tx) => save(tx, { ...session, folders: [], folderSync } as Session));
    assertEquals(await scene.sync(), "repo a");
  }
  assertEquals(scene.told.length, broken.length + 1);
});

Deno.test("syncFolders() fails where the state cannot be had", async () => {
  using scene = new Scene();
  scene.beforeChange = () => Promise.reject(new Error("no state"));
  await assertRejects(() => scene.sync(), Error, "no state");
});

Deno.test("foldersOfSession() of a session that no hook told of its folders are none", async () => {
  using scene = new Scene();
  await scene.sync();
  const session = scene.session();
  assert(session !== undefined);
  assertEquals(foldersOfSession(session), [`${scene.root}/repo`]);
  assertEquals(foldersOfSession({ ...session, folders: [] }), []);
});
