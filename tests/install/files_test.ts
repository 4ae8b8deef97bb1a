// What is on the disk where settings belong: links, modes, folders, other people's files.

import { TruceError } from "../../src/base/error.ts";
import { openSettings } from "../../src/install/files.ts";
import { recordOf } from "../../src/install/record.ts";
import { type SettingsWrite, writeAll } from "../../src/install/write.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { bytesAt, put, Scene } from "./scene.ts";

const text = '{\n  "model": "opus"\n}\n';
const isUnix = Deno.build.os !== "windows";
const isRoot = Deno.uid() === 0;

Deno.test("a file that is a link stays one, and what it leads to is written", async () => {
  using scene = new Scene();
  const subject = await scene.subject("claude");
  put(`${scene.project}/shared/settings.json`, text);
  Deno.mkdirSync(`${scene.project}/.claude`);
  Deno.symlinkSync("../shared/settings.json", subject.path);
  const before = scene.tree();
  await scene.install([subject]);
  assertEquals(Deno.readLinkSync(subject.path), "../shared/settings.json");
  assertStringIncludes(bytesAt(`${scene.project}/shared/settings.json`), "truce hook");
  await scene.uninstall([subject]);
  assertEquals(scene.tree(), before);
});

Deno.test("a link to nothing stays one, and what it names is made and removed", async () => {
  using scene = new Scene();
  const subject = await scene.subject("claude", "user");
  Deno.mkdirSync(`${scene.home}/.claude`);
  Deno.symlinkSync(`${scene.root}/dotfiles/claude/settings.json`, subject.path);
  const before = scene.tree();
  await scene.install([subject]);
  assertStringIncludes(bytesAt(`${scene.root}/dotfiles/claude/settings.json`), "truce hook");
  await scene.uninstall([subject]);
  assertEquals(scene.tree(), before);
});

for (const isFolder of [false, true]) {
  Deno.test(`a link out of the project is refused (${isFolder ? "the folder" : "the file"})`, async () => {
    using scene = new Scene();
    const subject = await scene.subject("claude");
    put(`${scene.root}/elsewhere/settings.json`, text);
    if (isFolder) Deno.symlinkSync("../elsewhere", `${scene.project}/.claude`);
    else {
      Deno.mkdirSync(`${scene.project}/.claude`);
      Deno.symlinkSync("../../elsewhere/settings.json", subject.path);
    }
    await refused(
      scene,
      () => scene.install([subject]),
      /a link leads to ".*\/elsewhere\/settings.json", outside the project$/,
    );
    await refused(scene, () => scene.uninstall([subject]), /outside the project$/);
  });
}

Deno.test("links that lead to each other are refused", async () => {
  using scene = new Scene();
  const subject = await scene.subject("claude");
  Deno.mkdirSync(`${scene.project}/.claude`);
  Deno.symlinkSync("b.json", subject.path);
  Deno.symlinkSync("settings.json", `${scene.project}/.claude/b.json`);
  await refused(scene, () => scene.install([subject]), /links|symbolic/i);
});

Deno.test("two hosts with one file are refused together", async () => {
  using scene = new Scene();
  const [claude, gemini] = [await scene.subject("claude"), await scene.subject("gemini")];
  put(claude.path, text);
  Deno.symlinkSync(".claude", `${scene.project}/.gemini`);
  await refused(scene, () => scene.install([claude, gemini]), /is the same file$/);
});

Deno.test({
  name: "a read-only file is refused",
  ignore: !isUnix,
  async fn() {
    using scene = new Scene();
    const [subject, other] = [await scene.subject("claude"), await scene.subject("gemini")];
    put(subject.path, text);
    Deno.chmodSync(subject.path, 0o444);
    await refused(scene, () => scene.install([other, subject]), /it is read-only$/);
  },
});

Deno.test({
  name: "the mode of a file is kept, and what is remembered of it is private",
  ignore: !isUnix,
  async fn() {
    using scene = new Scene();
    const subject = await scene.subject("claude");
    put(subject.path, text);
    Deno.chmodSync(subject.path, 0o640);
    await scene.install([subject]);
    assertEquals(modeOf(subject.path), 0o640);
    for (const { name } of Deno.readDirSync(`${scene.state}/install`)) {
      assertEquals([name, modeOf(`${scene.state}/install/${name}`)], [name, 0o600]);
    }
    assertEquals(modeOf(`${scene.state}/install`), 0o700);
    await scene.uninstall([subject]);
    assertEquals(modeOf(subject.path), 0o640);
  },
});

Deno.test("a folder in the place of the file is refused", async () => {
  using scene = new Scene();
  const subject = await scene.subject("claude");
  Deno.mkdirSync(subject.path, { recursive: true });
  await refused(scene, () => scene.install([subject]), /it is no file$/);
});

Deno.test("a folder that cannot be made leaves the other hosts' settings as they are, too", async () => {
  using scene = new Scene();
  const [claude, gemini, opencode] = [
    await scene.subject("claude"),
    await scene.subject("gemini"),
    await scene.subject("opencode"),
  ];
  put(claude.path, text);
  put(`${scene.project}/.opencode`, "a file\n");
  await refused(
    scene,
    () => scene.install([claude, gemini, opencode]),
    /^Cannot \w+ ".*truce\.js": a part of the path is a file$/,
  );
  assertEquals(await recordOf(scene.state, claude.path), undefined);
});

Deno.test({
  name: "a folder that nothing may be written to is refused",
  ignore: !isUnix || isRoot,
  async fn() {
    using scene = new Scene();
    const [claude, gemini] = [await scene.subject("claude"), await scene.subject("gemini")];
    put(claude.path, text);
    Deno.chmodSync(`${scene.project}/.claude`, 0o555);
    await refused(scene, () => scene.install([gemini, claude]), /permission is denied$/);
    Deno.chmodSync(`${scene.project}/.claude`, 0o755);
  },
});

for (const name of ["copilot", "opencode"]) {
  Deno.test(`${name}: somebody else's file is refused, and uninstall leaves it`, async () => {
    using scene = new Scene();
    const subject = await scene.subject(name);
    put(subject.path, "// mine: truce\n");
    await refused(scene, () => scene.install([subject]), /somebody else's file is there$/);
    const before = scene.tree();
    await scene.uninstall([subject]);
    assertEquals(scene.tree(), before);
  });

  Deno.test(`${name}: a file of ours comes and goes with its folders, and an older one is replaced`, async () => {
    using scene = new Scene();
    const subject = await scene.subject(name);
    const before = scene.tree();
    await scene.install([subject]);
    const installed = scene.tree();
    assertEquals(await scene.install([subject]), false);
    scene.call = { truce: "/opt/my tools/truce" };
    assert(await scene.install([subject]));
    scene.call = { truce: "truce" };
    assert(await scene.install([subject]));
    assertEquals(scene.tree(), installed);
    await scene.uninstall([subject]);
    assertEquals(scene.tree(), before);
  });
}

Deno.test("folders that somebody has put a file in stay", async () => {
  using scene = new Scene();
  const subject = await scene.subject("copilot");
  await scene.install([subject]);
  put(`${scene.project}/.github/CODEOWNERS`, "* @me\n");
  await scene.uninstall([subject]);
  assertEquals(Object.keys(scene.tree("/project/.github")), ["/project/.github/CODEOWNERS"]);
});

Deno.test("uninstall takes our hooks out where nothing is known of what was there", async () => {
  using scene = new Scene();
  const subjects = await Promise.all(
    ["claude", "gemini", "codex", "copilot", "opencode"].map((name) => scene.subject(name)),
  );
  put(subjects[0].path, text);
  await scene.install(subjects);
  scene.forget();
  await scene.uninstall(subjects);
  assertEquals(bytesAt(subjects[0].path), text);
  const left = subjects.slice(1).map(({ path }) => exists(path) ? bytesAt(path) : undefined);
  assertEquals(left, ["{}\n", "{}\n", undefined, undefined]);
});

Deno.test("a file that truce made goes when nothing but hooks of ours is left, whoever has formatted it", async () => {
  using scene = new Scene();
  const subject = await scene.subject("claude");
  const before = scene.tree();
  await scene.install([subject]);
  Deno.writeTextFileSync(subject.path, JSON.stringify(JSON.parse(bytesAt(subject.path))));
  await scene.uninstall([subject]);
  assertEquals(scene.tree(), before);
});

Deno.test("an upgrade keeps what was there before the first install", async () => {
  using scene = new Scene();
  const subject = await scene.subject("claude");
  put(subject.path, '{ "model":"opus" }');
  const before = scene.tree();
  scene.call = { truce: "/opt/my tools/truce" };
  await scene.install([subject]);
  assertStringIncludes(bytesAt(subject.path), "'/opt/my tools/truce' hook");
  scene.call = { truce: "truce" };
  await scene.install([subject]);
  assert(!bytesAt(subject.path).includes("/opt"));
  await scene.uninstall([subject]);
  assertEquals(scene.tree(), before);
});

Deno.test("hooks over HTTP and commands take each other's place", async () => {
  using scene = new Scene();
  const subject = await scene.subject("claude");
  await scene.install([subject]);
  const installed = bytesAt(subject.path);
  assert(await scene.install([subject], { isHttp: true }));
  const { hooks } = JSON.parse(bytesAt(subject.path));
  assertEquals(hooks.PreToolUse.length, 1);
  assertEquals([hooks.PreToolUse[0].hooks[0].type, hooks.SessionStart[0].hooks[0].type], ["http", "command"]);
  assert(await scene.install([subject]));
  assertEquals(JSON.parse(bytesAt(subject.path)), JSON.parse(installed));
});

Deno.test("writeAll() puts back what is in place when a later file has changed meanwhile", () => {
  using scene = new Scene();
  const paths = ["a.json", "new/b.json", "c.json"].map((name) => `${scene.project}/${name}`);
  put(paths[0], text);
  put(paths[2], text);
  const writes: SettingsWrite[] = paths.map((path) => ({ file: openSettings(path), after: "{}\n" }));
  Deno.writeTextFileSync(paths[2], "{ }\n");
  const before = scene.tree();
  try {
    writeAll(writes);
    throw new Error("it was written");
  } catch (error) {
    assert(error instanceof TruceError);
    assertMatch(error.message, /c\.json": somebody else is changing it$/);
  }
  assertEquals(scene.tree(), before);
});

Deno.test("what somebody has beside the settings stays, whatever its name", async () => {
  using scene = new Scene();
  const subject = await scene.subject("claude");
  put(subject.path, text);
  put(`${scene.project}/.claude/.settings.json.truce-new`, "mine\n");
  const before = scene.tree();
  await scene.install([subject]);
  assertEquals(Object.keys(scene.tree()), Object.keys(before));
  await scene.uninstall([subject]);
  assertEquals(scene.tree(), before);
});

async function refused(scene: Scene, action: () => Promise<unknown>, fact: RegExp): Promise<void> {
  const before = scene.tree();
  const thrown = await action().then(() => undefined, (thrown) => thrown);
  assert(thrown instanceof TruceError, String(thrown));
  assertMatch(thrown.message, fact);
  assert(thrown.hint !== undefined);
  assertEquals(scene.tree(), before);
}

function modeOf(path: string): number {
  return (Deno.statSync(path).mode ?? 0) & 0o777;
}

function exists(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}
