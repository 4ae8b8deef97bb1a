// The rules of the layout. Each fails with the names of the files and the reason.

import { commands } from "../src/commands/table.ts";
import { hosts } from "../src/hosts/table.ts";
import { targets } from "../src/sync/targets/table.ts";
import { bundle } from "../tools/build.ts";
import { assertEquals } from "./support/assert.ts";
import { filesBelow, type Import, importsOf, root } from "./support/modules.ts";

const modules = filesBelow("src", ".ts");
const imports = modules.flatMap(importsOf);
const ownImports = imports.filter(({ name }) => name.startsWith("src/"));
const hotBytesMax = 100 * 1024;

/** What a layer may import besides itself. Imports go down only, and features do not know each other. */
const layers: Readonly<Record<string, readonly string[]>> = {
  base: [],
  edit: ["base"],
  platform: ["base"],
  store: ["base", "platform"],
  hosts: ["base"],
  sessions: ["base", "platform", "store"],
  locks: ["base", "platform", "store", "sessions"],
  lsp: ["base", "platform", "store"],
  sync: ["base", "edit", "platform", "store"],
  install: ["base", "edit", "platform", "hosts"],
  daemon: ["base", "platform", "store", "hosts", "sessions", "locks", "lsp"],
  commands: ["base", "edit", "platform", "store", "hosts", "sessions", "locks", "lsp", "sync", "install", "daemon"],
  "main.ts": ["base", "platform", "hosts", "commands"],
};

Deno.test("imports go down the layers only", () => {
  const wrong = ownImports.filter(({ from, name }) => {
    const [here, there] = [layerOf(from), layerOf(name)];
    return here !== there && !layers[here]?.includes(there);
  });
  assertEquals(wrong.map((one) => say(one, "goes up, or to another feature")), []);
});

Deno.test("src/main.ts statically reaches no more than tables, hosts, base and platform", () => {
  const reached = staticReach("src/main.ts");
  const allowed = ["src/main.ts", "src/commands/table.ts", "src/commands/command.ts"];
  const wrong = reached.filter((path) => !allowed.includes(path) && !/^src\/(?:hosts|base|platform)\//.test(path));
  assertEquals(wrong.map((path) => `${path} is loaded at every start: load it by name instead`), []);
});

Deno.test("Deno.* is used in src/platform alone, and node:* nowhere", () => {
  const outside = modules.filter((path) =>
    !path.startsWith("src/platform/") && /\bDeno\.(?!test\b)/.test(codeOf(path))
  );
  assertEquals(outside.map((path) => `${path} uses Deno.*: give it what it needs from src/platform`), []);
  const node = imports.filter(({ name }) => name.startsWith("node:"));
  assertEquals(node.map((one) => say(one, "costs more than the whole start of a hook")), []);
});

Deno.test("every third-party name has one importer", () => {
  const importers = new Map<string, string[]>();
  const all = [...imports, ...[...filesBelow("tests", ".ts"), ...filesBelow("tools", ".ts")].flatMap(importsOf)];
  for (const { from, name } of all) {
    if (!/^(?:src|tests|tools)\/|^node:/.test(name)) importers.set(name, [...importers.get(name) ?? [], from]);
  }
  assertEquals([...importers].filter(([, froms]) => froms.length > 1), []);
  const { imports: mapped } = JSON.parse(Deno.readTextFileSync(`${root}import_map.json`));
  assertEquals(
    [...importers.keys()].sort(),
    Object.keys(mapped).sort(),
    "import_map.json names what nobody imports, or lacks it",
  );
});

Deno.test("the table of commands and the files of commands are the same", () => {
  const files = modules.filter((path) => /^export const command: Command/m.test(codeOf(path)));
  const named = Object.keys(commands).map((words) => `src/commands/${words.replaceAll(/[ -]/g, "_")}.ts`);
  assertEquals(files, named.sort());
});

Deno.test("the table of targets and the files of targets are the same, and no target is named elsewhere in src", () => {
  const files = modules.filter((path) => /^export const \w+: Target = /m.test(codeOf(path)));
  assertEquals(files, targets.map(({ name }) => `src/sync/targets/${name.replaceAll("-", "_")}.ts`).sort());
  const names = new RegExp(`"(?:${targets.map(({ name }) => name).join("|")})"`);
  const known = /^src\/(?:hosts|sync\/targets)\//;
  const elsewhere = modules.filter((path) => !known.test(path) && names.test(codeOf(path)));
  assertEquals(elsewhere.map((path) => `${path} names a target: that belongs into src/sync/targets`), []);
});

Deno.test("the table of hosts and the files of hosts are the same, and no host is named elsewhere in src", () => {
  const files = modules.filter((path) => /^export const \w+: Host = /m.test(codeOf(path)));
  assertEquals(files, hosts.map(({ name }) => `src/hosts/${name}.ts`).sort());
  const names = new RegExp(hosts.map(({ name }) => name).join("|"), "i");
  // Projection is from the configuration of one of them to that of the others.
  const known = /^src\/(?:hosts|sync\/source|sync\/targets)[/.]/;
  const elsewhere = modules.filter((path) => !known.test(path) && names.test(codeOf(path)));
  assertEquals(elsewhere.map((path) => `${path} names a host: that belongs into src/hosts`), []);
});

Deno.test("every path that src/ARCHITECTURE.md names exists", () => {
  const text = Deno.readTextFileSync(`${root}src/ARCHITECTURE.md`);
  const paths = Array.from(text.matchAll(/`((?:src|tests|tools|hooks)\/[\w./-]*)`/g), (match) => match[1]);
  const missing = paths.filter((path) => !exists(`${root}${path}`));
  assertEquals(missing, []);
  const unnamed = Object.keys(layers).filter((layer) => !paths.some((path) => path.startsWith(`src/${layer}`)));
  assertEquals(unnamed, [], "a layer that ARCHITECTURE.md does not mention");
});

Deno.test("what a hook loads is at most 100 KiB of the bundle", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    await bundle(root, folder);
    const files = Array.from(Deno.readDirSync(`${folder}/bundle`), ({ name }) => name);
    const hook = files.find((name) => name.startsWith("hook-")) ?? "";
    const loaded = reachIn(`${folder}/bundle`, ["main.js", hook]);
    const bytes = loaded.reduce((sum, name) => sum + Deno.statSync(`${folder}/bundle/${name}`).size, 0);
    assertEquals(bytes <= hotBytesMax ? "small enough" : `${bytes} bytes in ${loaded.join(", ")}`, "small enough");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

function layerOf(path: string): string {
  return path.split("/")[1];
}

function say({ from, name }: Import, reason: string): string {
  return `${from} imports ${name}: ${reason}`;
}

function staticReach(from: string): string[] {
  const reached = new Set([from]);
  for (const path of reached) {
    for (const { name, isStatic, isTypeOnly } of importsOf(path)) {
      if (isStatic && !isTypeOnly && name.startsWith("src/")) reached.add(name);
    }
  }
  return [...reached];
}

function reachIn(folder: string, from: readonly string[]): string[] {
  const reached = new Set(from);
  for (const name of reached) {
    const text = Deno.readTextFileSync(`${folder}/${name}`);
    for (const match of text.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) reached.add(match[1]);
  }
  return [...reached];
}

/** Returns the code of a module without its comments. */
function codeOf(path: string): string {
  return Deno.readTextFileSync(`${root}${path}`).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
}
