// Random permissions and calls for the claim that no target allows what Claude Code denies. A seed gives the same each time.
// The words are few, so that rules and calls meet, and harmless where they are run for real in a folder of their own.

import type { Permission, Server } from "../../src/sync/model.ts";
import { type Call, permissionOf, type Place } from "../../src/sync/permission.ts";
import { type Dice, diceOf, oneOf } from "./random_file.ts";

/** A line for the shell, and how clients see it. */
export interface Line {
  readonly text: string;
  /** The simple commands in it, as written, with their redirections. */
  readonly commands: readonly string[];
  /** The words of each command where the line is a plain chain of them. */
  readonly chain?: readonly (readonly string[])[];
  /** Whether a shell would take the words just as they stand. */
  readonly isPlain: boolean;
}

/** A call, with its line where it is one of the shell. */
export interface Asked {
  readonly call: Call;
  readonly line?: Line;
}

/** Permissions of a project, and calls that they may be about. */
export interface PermissionSet {
  readonly permissions: readonly Permission[];
  readonly calls: readonly Asked[];
}

/** Where the calls happen. */
export const place: Place & { readonly project: string } = {
  cwd: "/home/me/project",
  home: "/home/me",
  project: "/home/me/project",
};

/** The servers of the project. */
export const servers: readonly Server[] = ["fs", "my-hub"].map((name) => ({
  kind: "server",
  name,
  transport: { type: "stdio", command: "true", args: [], env: {} },
  isEnabled: true,
  unknown: [],
  origin: { scope: "project", path: `${place.project}/.mcp.json` },
}));

const origin = { scope: "project", path: `${place.project}/.claude/settings.json` } as const;
const permissionsMax = 6;
const callsPerSet = 40;
const commands = [
  "rm -rf build",
  "rm build",
  "git push origin main",
  "git push --force",
  "git reset --hard",
  "npm publish",
  "npm run deploy",
  "curl http://127.0.0.1:9/x",
  "docker run --privileged x",
  "terraform destroy",
  "chmod -R 777 build",
  "make deploy PROD=1",
].map((command) => command.split(" "));
const folders = ["secrets", "config/prod", "docs"];
const files = [".env", "key.pem", "a.json", "notes.txt"];
const hosts = ["evil.example", "api.evil.example", "docs.example"];
const tools = ["get", "drop", "drop_all"];

/** Returns the set of a seed. */
export function permissionSet(seed: number): PermissionSet {
  const dice = diceOf(seed);
  const count = 1 + dice(permissionsMax);
  const permissions = Array.from(
    { length: count },
    () => permissionOf(oneOf(dice, ["deny", "deny", "ask", "allow"]), ruleText(dice), origin),
  );
  return { permissions, calls: Array.from({ length: callsPerSet }, () => randomCall(dice)) };
}

/** Returns a set of a seed that is about files alone. */
export function pathSet(seed: number): PermissionSet {
  const dice = diceOf(seed);
  const permissions = Array.from(
    { length: 1 + dice(permissionsMax) },
    () => permissionOf(oneOf(dice, ["deny", "deny", "ask"]), pathText(dice), origin),
  );
  const calls = Array.from({ length: callsPerSet }, () => randomPathCall(dice));
  return { permissions, calls };
}

/** Returns the files that calls are about, below a folder. */
export function pathsBelow(folder: string): string[] {
  const names = ["", ...folders.map((one) => `${one}/`), ...folders.map((one) => `${one}/deep/`)];
  return [...names, "config/", "src/", ...folders.map((one) => `src/${one}/`)].flatMap((start) =>
    files.map((file) => `${folder}/${start}${file}`)
  );
}

function ruleText(dice: Dice): string {
  const kind = dice(20);
  if (kind < 9) return commandRule(dice);
  if (kind < 15) return pathText(dice);
  if (kind < 17) return oneOf(dice, [...hosts, "*.evil.example"].map((host) => `WebFetch(domain:${host})`));
  if (kind < 19) return `mcp__${oneOf(dice, ["fs", "my-hub", "*"])}${oneOf(dice, ["", "__*", "__drop", "__drop*"])}`;
  return oneOf(dice, ["Bash", "Read", "Edit", "WebFetch", "*"]);
}

function pathText(dice: Dice): string {
  return `${oneOf(dice, ["Read", "Edit"])}(${pathRule(dice)})`;
}

function commandRule(dice: Dice): string {
  const words = oneOf(dice, commands);
  const start = words.slice(0, 1 + dice(words.length));
  const starred = words.with(dice(words.length), "*").join(" ");
  const text = start.join(" ");
  return `Bash(${
    oneOf(dice, [`${text}:*`, `${text}:*`, `${text} *`, `${text}*`, words.join(" "), starred, `*${text}`])
  })`;
}

function pathRule(dice: Dice): string {
  const folder = oneOf(dice, folders);
  const file = oneOf(dice, files);
  return oneOf(dice, [
    file,
    `./${file}`,
    `/${file}`,
    `**/${file}`,
    "*.pem",
    "**/*.json",
    folder,
    `${folder}/`,
    `${folder}/**`,
    `./${folder}/**`,
    `/${folder}/**`,
    `**/${folder}/**`,
    `${folder}/*`,
    `${folder}/**/${file}`,
    `${folder}/*.txt`,
    `config/${file}`,
    "~/.ssh/**",
    "~/.netrc",
    "//etc/hosts",
    `//**/${file}`,
    "key.???",
    `!${folder}/${file}`,
  ]);
}

function randomCall(dice: Dice): Asked {
  const kind = dice(20);
  if (kind < 10) {
    const line = randomLine(dice);
    return { call: { tool: "Bash", command: line.text }, line };
  }
  if (kind < 16) return randomPathCall(dice);
  if (kind < 18) return { call: { tool: "WebFetch", domain: oneOf(dice, hosts) } };
  return { call: { tool: "mcp", server: oneOf(dice, servers).name, name: oneOf(dice, tools) } };
}

function randomPathCall(dice: Dice): Asked {
  return { call: { tool: oneOf(dice, ["Read", "Edit"]), path: randomPath(dice) } };
}

function randomPath(dice: Dice): string {
  const folder = oneOf(dice, folders);
  const file = oneOf(dice, files);
  const path = oneOf(dice, [
    file,
    `${folder}/${file}`,
    `config/${file}`,
    `src/${file}`,
    `src/${folder}/${file}`,
    `${folder}/deep/${file}`,
  ]);
  return oneOf(dice, [
    path,
    path,
    path,
    `./${path}`,
    `${place.project}/${path}`,
    path.toUpperCase(),
    `${place.home}/.ssh/id`,
    `${place.home}/.netrc`,
    "/etc/hosts",
  ]);
}

/** What stands around a command, and how its first word is written. */
function randomLine(dice: Dice): Line {
  const [program, ...rest] = oneOf(dice, commands);
  const tail = oneOf(dice, [rest, rest, [...rest, "more"], rest.slice(0, -1)]);
  const words = [oneOf(dice, [program, program, program, `/bin/${program}`]), ...tail];
  const started = [...oneOf(dice, [[], [], [], ["sudo"], ["env"], ["timeout", "5"], ["nice", "-n", "5"]]), ...words];
  const text = started.join(" ");
  const plain = { isPlain: true };
  return oneOf<() => Line>(dice, [
    () => ({ text, commands: [text], chain: [started], ...plain }),
    () => ({ text, commands: [text], chain: [started], ...plain }),
    () => ({ text: `echo a && ${text}`, commands: ["echo a", text], chain: [["echo", "a"], started], ...plain }),
    () => ({ text: `${text}; echo a`, commands: [text, "echo a"], chain: [started, ["echo", "a"]], ...plain }),
    () => ({ text: `${text} | cat`, commands: [text, "cat"], chain: [started, ["cat"]], ...plain }),
    () => ({ text: `${text} > out`, commands: [`${text} > out`], ...plain }),
    () => ({ text: `A=1 ${text}`, commands: [`A=1 ${text}`], ...plain }),
    () => ({ text: `echo $(${text})`, commands: [`echo $(${text})`, text], ...plain }),
    () => ({ text: `(${text})`, commands: [text], ...plain }),
    () => ({ text: started.join("  "), commands: [started.join("  ")], chain: [started], isPlain: false }),
    () => {
      const quoted = started.with(-words.length, `'${words[0]}'`).join(" ");
      return { text: quoted, commands: [quoted], chain: [started], isPlain: false };
    },
  ])();
}
