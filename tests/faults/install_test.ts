// truce install and uninstall as a person types them: what is said, how it ends, and what is on the disk then.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { filesBelow, Place } from "../support/place.ts";
import type { RunOptions } from "../support/program.ts";
import { startInTerminal, terminalsMissing } from "../support/terminal.ts";
import { truceProgram } from "../support/program.ts";

const files = {
  claude: ".claude/settings.json",
  gemini: ".gemini/settings.json",
  codex: ".codex/hooks.json",
  copilot: ".github/hooks/truce.json",
  opencode: ".opencode/plugins/truce.js",
};
const names = Object.keys(files).join(" ");
const settings = '{\n  // mine\n  "model": "opus",\n}\n';

Deno.test("truce install writes the file of each host, says what is next, and uninstall leaves nothing", async () => {
  using place = new InstallPlace();
  const said = await place.said(`install ${names} --command truce`);
  for (const file of Object.values(files)) assertStringIncludes(said, `: wrote ${file} (project)\n`);
  assertMatch(said, /\n {2}next: start codex and have it trust/);
  assertMatch(said, /\n {2}next: start copilot and trust/);
  assertStringIncludes(said, `What was there comes back with: truce uninstall ${names} --scope project`);
  assertStringIncludes(said, '"truce" is not on your PATH');
  for (const file of Object.values(files)) assertStringIncludes(place.text(file), "hook");

  const tree = place.tree();
  assertStringIncludes(await place.said(`install ${names} --command truce`), `${files.codex} calls truce as it should`);
  assertEquals(place.tree(), tree);
  assertStringIncludes(await place.said(`uninstall ${names}`), `removed ${files.opencode} (project)`);
  assertEquals(place.tree(), [`${place.project}/.git/`, `${place.project}/.git/HEAD`]);
  assertStringIncludes(await place.said(`uninstall ${names}`), `${files.claude} does not call truce (project)`);
});

Deno.test("truce install --dry-run shows a unified diff and writes nothing, not even in the state", async () => {
  using place = new InstallPlace();
  place.write(files.claude, settings);
  const tree = place.tree();
  const said = await place.said("install claude opencode --dry-run --command truce");
  assertMatch(said, /^--- \.claude\/settings\.json\n\+\+\+ \.claude\/settings\.json\n@@ -1,4 \+1,\d+ @@\n \{\n/);
  assertMatch(said, /\n--- \/dev\/null\n\+\+\+ \.opencode\/plugins\/truce\.js\n@@ -\d,0 \+1,\d+ @@\n\+\/\/ /);
  assertStringIncludes(said, "Claude Code: .claude/settings.json would be written (project)");
  assertEquals(place.tree(), tree);
  assert(!exists(place.state));
  await place.said("install claude");
  const [later, state] = [place.tree(), filesBelow(place.state)];
  assertMatch(await place.said("uninstall claude --dry-run"), /\n-.*truce hook[^]*would be written \(project\)/);
  assertEquals([place.tree(), filesBelow(place.state)], [later, state]);
  await place.said("uninstall claude");
  assertEquals(place.text(files.claude), settings);
});

Deno.test("truce install --json says all of it as data", async () => {
  using place = new InstallPlace();
  const { outcome, hosts } = JSON.parse(await place.said("install codex claude --json --command truce"));
  assertEquals(outcome, "done");
  assertEquals(hosts.map((one: Record<string, unknown>) => [one.host, one.scope, one.path, one.changed]), [
    ["codex", "project", `${place.project}/${files.codex}`, true],
    ["claude", "project", `${place.project}/${files.claude}`, true],
  ]);
  assertMatch(hosts[0].next[0], /trust/);
  assertStringIncludes(JSON.parse(await place.said("uninstall codex --json --dry-run")).hosts[0].diff, "+++ /dev/null");
});

/** What is typed, how it ends, and what is said then. */
const failures: readonly [string, number, RegExp][] = [
  ["install", 64, /^truce: Cannot install hooks: no host was named\n +Type truce install HOST/],
  ["uninstall", 64, /no host was named/],
  ["install vim", 64, /Cannot install hooks for "vim": the hosts are claude, gemini/],
  ["install claude --scope global", 64, /Cannot use --scope "global": it is one of user, project, local$/m],
  ["install gemini --scope local", 64, /Cannot use --scope local for Gemini CLI: its scopes are user, project$/m],
  ["uninstall codex claude --scope local", 64, /Cannot use --scope local for Codex CLI/],
  ["install claude codex --http", 64, /Cannot use --http for Codex CLI: it has no hooks over HTTP$/m],
  ["install opencode --http", 64, /Cannot use --http for OpenCode/],
  ["install claude --force", 64, /Cannot use --force: there is no such flag here/],
  ["uninstall claude --http", 64, /Cannot use --http: there is no such flag here/],
  ["install claude --command=", 64, /Cannot use --command "": it names no program/],
  ["install claude --command --yes", 64, /Cannot use --command "--yes": it names no program/],
];

Deno.test("truce install ends with 64 for what was mistyped, and writes nothing", async () => {
  using place = new InstallPlace();
  const tree = place.tree();
  for (const [words, code, said] of failures) {
    const ran = await place.run(words.split(" "));
    assertEquals([words, ran.code, ran.stdout], [words, code, ""]);
    assertMatch(ran.stderr, said);
  }
  assertEquals(place.tree(), tree);
});

Deno.test("truce install ends with 1 for settings that cannot be edited, and writes nothing for any host", async () => {
  using place = new InstallPlace();
  place.write(files.gemini, '{ "hooks": [] }\n');
  const tree = place.tree();
  const ran = await place.run(["install", "claude", "gemini"]);
  assertEquals([ran.code, ran.stdout], [1, ""]);
  assertMatch(
    ran.stderr,
    /^truce: Cannot edit ".*settings\.json": "hooks" is a list\n +Repair the file by hand; nothing was written\n$/,
  );
  assertEquals(place.tree(), tree);
});

Deno.test("the default scope is the project's in a repository, and else the user's", async () => {
  using place = new InstallPlace();
  assertStringIncludes(
    await place.said("install claude --dry-run"),
    " .claude/settings.json would be written (project)",
  );
  Deno.mkdirSync(`${place.project}/deep/er`, { recursive: true });
  const deep = { cwd: `${place.project}/deep/er` };
  assertStringIncludes(
    await place.said("install gemini --dry-run", deep),
    `${place.project}/.gemini/settings.json would be`,
  );
  const outside = await place.said("install claude --command truce", { cwd: place.root });
  assertStringIncludes(outside, "home/.claude/settings.json (user)");
  assertStringIncludes(Deno.readTextFileSync(`${place.home}/.claude/settings.json`), "truce hook");
  const ran = await place.run(["install", "claude", "--scope", "local"], { cwd: place.home });
  assertEquals(ran.code, 64);
  assertMatch(ran.stderr, /it is your home folder/);
});

Deno.test("without a home the project's hooks can be installed, and the user's are refused", async () => {
  using place = new InstallPlace();
  const env = { HOME: "" };
  await place.said("install claude copilot", { env });
  assertStringIncludes(place.text(files.claude), "hook before-tool");
  const ran = await place.run(["install", "claude", "--scope", "user"], { env });
  assertEquals([ran.code, ran.stdout], [69, ""]);
  assertMatch(
    ran.stderr,
    /Cannot find the settings of Claude Code: no home folder is set\n +Set HOME, or type --scope project/,
  );
  const stateless = await place.run(["install", "gemini"], { env: { HOME: "", TRUCE_STATE_DIR: "" } });
  assertEquals(stateless.code, 69);
  assert(!exists(`${place.project}/.gemini`));
  await place.said("uninstall claude copilot", { env: { HOME: "", TRUCE_STATE_DIR: "" } });
  assertEquals(place.text(files.claude), "{}\n");
  assert(!exists(`${place.project}/${files.copilot}`));
});

Deno.test("a state that cannot be written keeps install from writing, and uninstall from nothing", async () => {
  using place = new InstallPlace();
  await place.said("install claude");
  Deno.removeSync(place.state, { recursive: true });
  Deno.writeTextFileSync(place.state, "a file\n");
  const ran = await place.run(["install", "gemini"]);
  assertEquals(ran.code, 69);
  assertMatch(ran.stderr, /Cannot keep what was there in ".*\/install": a part of the path is a file/);
  assert(!exists(`${place.project}/.gemini`));
  await place.said("uninstall claude");
  assertEquals(place.text(files.claude), "{}\n");
});

Deno.test("what another scope, a plugin or an extension does is not done twice", async () => {
  using place = new InstallPlace();
  await place.said("install claude --scope local --command truce");
  const said = await place.said("install claude --command truce");
  assertMatch(
    said,
    /nothing is written, since .*settings\.local\.json calls truce already; to be rid of that: truce uninstall claude --scope local/,
  );
  assert(!exists(`${place.project}/${files.claude}`));
  await place.said("uninstall claude --scope local");

  const home = (name: string, value: unknown) => {
    Deno.mkdirSync(`${place.home}/${name.slice(0, name.lastIndexOf("/"))}`, { recursive: true });
    Deno.writeTextFileSync(`${place.home}/${name}`, JSON.stringify(value));
  };
  home(".claude/settings.json", { enabledPlugins: { "truce@truce": true } });
  home(".gemini/extensions/truce/gemini-extension.json", { name: "truce" });
  const packaged = await place.said("install claude gemini codex --command truce");
  assertMatch(
    packaged,
    /^Claude Code: nothing is written, since the plugin truce@truce calls truce already; .*claude plugin uninstall truce@truce$/m,
  );
  assertMatch(packaged, /^Gemini CLI: nothing is written, since the extension truce calls truce already/m);
  assertMatch(packaged, /^Codex CLI: wrote/m);
  assert(!exists(`${place.project}/${files.claude}`) && !exists(`${place.project}/${files.gemini}`));

  place.write(".claude/settings.local.json", '{ "enabledPlugins": { "truce@truce": false } }');
  home(".gemini/extensions/extension-enablement.json", { truce: { overrides: ["/*", `!${place.project}/*`] } });
  const off = await place.said("install claude gemini --command truce");
  assertMatch(off, /^Claude Code: wrote[^]*^Gemini CLI: wrote/m);
});

Deno.test("installs side by side wait for each other, and all but one find nothing to do", async () => {
  using place = new InstallPlace();
  place.write(files.claude, settings);
  const said = await Promise.all([1, 2, 3, 4, 5, 6].map(() => place.said("install claude gemini --command truce")));
  assertEquals(said.filter((one) => one.includes(`wrote ${files.claude}`)).length, 1);
  assertEquals(said.filter((one) => one.includes(`${files.claude} calls truce as it should`)).length, 5);
  const gone = await Promise.all([1, 2, 3].map(() => place.said("uninstall claude gemini")));
  assertEquals(gone.filter((one) => one.includes(`wrote ${files.claude}`)).length, 1);
  assertEquals(place.text(files.claude), settings);
});

Deno.test("truce install --http asks at the port that truce serve takes, and refuses one that nobody knows", async () => {
  using place = new InstallPlace();
  const env = (port: string) => ({ env: { FILE_LOCK_PORT: port } });
  const words = ["install", "claude", "--http", "--command", "truce"];
  for (const [port, fact] of [["0", /with the port 0/], ["http", /Cannot use the port "http"/]] as const) {
    const ran = await place.run(words, env(port));
    assertEquals([ran.code, ran.stdout], [64, ""]);
    assertMatch(ran.stderr, fact);
  }
  assert(!exists(`${place.project}/.claude`));
  await place.said(words.join(" "), env("7001"));
  assertStringIncludes(place.text(files.claude), "http://127.0.0.1:7001/hooks/claude/before-tool");
  assertStringIncludes(await place.said(words.join(" "), env("7002")), "calls truce as it should");
  await place.said("uninstall claude");
  await place.said(words.join(" "));
  assertStringIncludes(place.text(files.claude), "http://127.0.0.1:9876/hooks/claude/before-tool");
  await place.said("install claude --command truce", env("0"));
});

Deno.test("a person's own command that also calls truce stays, and is told", async () => {
  using place = new InstallPlace();
  const own = ["./lint.sh; truce hook after-tool --format claude", "my-guard hook before-tool --format claude"];
  const hooks = [...own, "truce lock release"].map((command) => ({ type: "command", command }));
  place.write(files.claude, JSON.stringify({ hooks: { PostToolUse: [{ matcher: "Edit", hooks }] } }));
  const before = place.text(files.claude);
  const said = await place.said("install claude --command truce");
  assertStringIncludes(
    said,
    `settings.json also calls truce by hand: remove "${own[0]}", "truce lock release" from it`,
  );
  for (const command of own) assertStringIncludes(place.text(files.claude), command);
  await place.said("uninstall claude");
  assertEquals(place.text(files.claude), before);
});

Deno.test("the program is written by its name when PATH has it, else by its path", async () => {
  using place = new InstallPlace();
  await place.said("install claude");
  assertStringIncludes(place.text(files.claude), `"${truceProgram} hook`);
  Deno.mkdirSync(`${place.root}/bin dir`);
  Deno.symlinkSync(truceProgram, `${place.root}/bin dir/truce`);
  const env = { PATH: `${place.root}/bin dir:${Deno.env.get("PATH")}` };
  await place.said("install claude", { env });
  assertStringIncludes(place.text(files.claude), "truce hook");
  const said = await place.said("install claude --command ../bin%20dir/truce", { env });
  assertStringIncludes(place.text(files.claude), `'${place.root}/bin dir/truce' hook`);
  assertStringIncludes(said, "is a path of this machine");
  assertStringIncludes(await place.said("install claude --command nowhere", { env }), '"nowhere" is not on your PATH');
  await place.said("uninstall claude");
});

Deno.test("a hook that install writes is answered by the shell that runs it, also by a path with spaces", async () => {
  using place = new InstallPlace();
  Deno.mkdirSync(`${place.root}/it's here`);
  Deno.symlinkSync(truceProgram, `${place.root}/it's here/truce`);
  await place.run(["install", "claude", "--command", `${place.root}/it's here/truce`]);
  const { hooks } = JSON.parse(place.text(files.claude));
  const [{ command }] = hooks.SessionStart[0].hooks;
  const run = (text: string) =>
    new Deno.Command("/bin/sh", {
      args: ["-c", `printf '{"session_id":"aaaa","cwd":"/"}' | { ${text}; }`],
      clearEnv: true,
      env: { PATH: Deno.env.get("PATH") ?? "", HOME: place.home, TRUCE_STATE_DIR: `${place.root}/own` },
    }).output();
  assertEquals((await run(command)).code, 0);
  assert(exists(`${place.root}/own`), "it has run");
  Deno.removeSync(`${place.root}/it's here/truce`);
  assertEquals((await run(command)).code, 0, "one that is gone blocks nothing");
});

const missing = await terminalsMissing();

for (const { key, code } of [{ key: "y", code: 0 }, { key: "n", code: 1 }]) {
  Deno.test({
    name: `truce install in a terminal shows the diff and asks, and "${key}" is heard`,
    ignore: missing !== undefined,
    async fn() {
      using place = new InstallPlace();
      place.write(files.claude, settings);
      const env = { PATH: Deno.env.get("PATH") ?? "", HOME: place.home, TRUCE_STATE_DIR: place.state, TERM: "xterm" };
      const words = [truceProgram, "install", "claude", "--command", "truce"];
      await using terminal = await startInTerminal(words, { cwd: place.project, env });
      assertStringIncludes(await terminal.until(/Write this\?/), "truce hook session-end --format claude");
      assertEquals(place.text(files.claude), settings, "nothing is written before the answer");
      await terminal.type(key);
      assertEquals(await terminal.exitCode(), code);
      assertMatch(terminal.screen, code === 0 ? /wrote \.claude/ : /settings\.json stays as it is/);
      assertEquals(place.text(files.claude) === settings, code === 1);
    },
  });
}

Deno.test({
  name: "truce install in a terminal writes nothing but what it has shown",
  ignore: missing !== undefined,
  async fn() {
    using place = new InstallPlace();
    place.write(files.claude, settings);
    const env = { PATH: Deno.env.get("PATH") ?? "", HOME: place.home, TRUCE_STATE_DIR: place.state, TERM: "xterm" };
    const words = [truceProgram, "install", "claude", "--command", "truce"];
    await using terminal = await startInTerminal(words, { cwd: place.project, env });
    await terminal.until(/Write this\?/);
    place.write(files.claude, "{}\n");
    await terminal.type("y");
    assertEquals(await terminal.exitCode(), 1);
    assertMatch(terminal.screen, /it has\s+changed\s+since\s+it\s+was\s+shown/);
    assertEquals(place.text(files.claude), "{}\n");
  },
});

for (
  const { title, words, env } of [{ title: "--yes", words: ["--yes"], env: {} }, {
    title: "CI",
    words: [],
    env: { CI: "true" },
  }]
) {
  Deno.test({
    name: `truce install in a terminal does not ask with ${title}`,
    ignore: missing !== undefined,
    async fn() {
      using place = new InstallPlace();
      const all = {
        PATH: Deno.env.get("PATH") ?? "",
        HOME: place.home,
        TRUCE_STATE_DIR: place.state,
        TERM: "xterm",
        ...env,
      };
      await using terminal = await startInTerminal([truceProgram, "install", "claude", ...words], {
        cwd: place.project,
        env: all,
      });
      assertEquals(await terminal.exitCode(), 0);
      assertMatch(terminal.screen, /wrote \.claude/);
    },
  });
}

/** A project that is a repository. */
class InstallPlace extends Place {
  constructor() {
    super();
    this.write(".git/HEAD");
  }

  /** Runs `truce LINE`, where `%20` is a space in a word, and returns what it says. */
  async said(line: string, options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(
      line.split(" ").map((word) => word.replaceAll("%20", " ")),
      options,
    );
    assertEquals([code, stderr], [0, ""]);
    return stdout;
  }

  text(name: string): string {
    return Deno.readTextFileSync(`${this.project}/${name}`);
  }

  tree(): string[] {
    return filesBelow(this.project);
  }
}

function exists(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}
